using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Control;

/// <summary>Takes the members of a JSON object by name. One that is missing is none; one of another type or shape is remembered.</summary>
/// <remarks>Threads: one. Borrows the document.</remarks>
internal sealed class MemberReader(JsonElement element)
{
    private readonly HashSet<string> _known = [];

    /// <summary>What is wrong with the first member that is not what it must be, as a sentence about it; null if all are.</summary>
    internal string? Complaint { get; private set; }

    /// <summary>A member that nobody has asked for; null if there is none.</summary>
    internal string? FindUnknown()
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                return property.Name;
            }
        }

        return null;
    }

    /// <summary>Whether there is a member of a name.</summary>
    internal bool Has(string name) => element.TryGetProperty(name, out _);

    internal string? Text(string name) => TryGet(name, JsonValueKind.String, "a string", out JsonElement value) ? value.GetString() : null;

    internal bool Flag(string name)
    {
        _ = _known.Add(name);
        if (!element.TryGetProperty(name, out JsonElement value))
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Complain(name, "true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    internal long? Integer(string name, long minimum = long.MinValue, long maximum = long.MaxValue)
    {
        if (!TryGet(name, JsonValueKind.Number, "a number", out JsonElement value))
        {
            return null;
        }

        if (!value.TryGetInt64(out long number) || number < minimum || number > maximum)
        {
            Complain(name, $"an integer from {minimum} to {maximum}");
            return null;
        }

        return number;
    }

    internal ulong Count(string name)
    {
        if (!TryGet(name, JsonValueKind.Number, "a number", out JsonElement value))
        {
            return 0;
        }

        if (!value.TryGetUInt64(out ulong count))
        {
            Complain(name, "an integer from 0");
        }

        return count;
    }

    internal Instant BootTime(string name)
    {
        Instant instant = default;
        if (TryGet(name, JsonValueKind.Number, "a number", out JsonElement value)
            && (!value.TryGetDecimal(out decimal seconds) || !ControlTime.TryToInstant(seconds, out instant)))
        {
            Complain(name, "seconds since the start of the machine");
        }

        return instant;
    }

    internal TimeSpan? Span(string name)
    {
        if (!TryGet(name, JsonValueKind.Number, "a number", out JsonElement value))
        {
            return null;
        }

        if (!value.TryGetDecimal(out decimal seconds) || !ControlTime.TryToSpan(seconds, out TimeSpan span))
        {
            Complain(name, "seconds");
            return null;
        }

        return span;
    }

    /// <summary>Wall time in nanoseconds since 1970; 0 if there is none.</summary>
    internal long WallTime(string name)
    {
        long time = 0;
        if (Text(name) is { } text && !ControlTime.TryParse(text, out time))
        {
            Complain(name, "a time such as 2026-11-23T12:00:00.000000000Z");
        }

        return time;
    }

    internal PublicKey? Key(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        if (!KeyText.TryParseBase64(text, bytes))
        {
            Complain(name, "a public key in base64: 44 characters");
            return null;
        }

        return new PublicKey(bytes);
    }

    internal IpAddress Address(string name)
    {
        IpAddress address = default;
        if (Text(name) is { } text && !IpAddress.TryParse(text, out address))
        {
            Complain(name, "an IP address");
        }

        return address;
    }

    internal IpEndpoint? Endpoint(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!IpEndpoint.TryParse(text, out IpEndpoint endpoint))
        {
            Complain(name, "an address and a port, such as 192.0.2.1:51820 or [2001:db8::1]:51820");
            return null;
        }

        return endpoint;
    }

    /// <summary>A host and its port; an empty text is the name of nothing.</summary>
    internal EndpointName? Name(string name)
    {
        EndpointName endpoint = default;
        string? text = Text(name);
        if (text is { Length: > 0 } && !EndpointName.TryParse(text, out endpoint))
        {
            Complain(name, "a host and a port, such as vpn.example.com:51820, or empty");
        }

        return text is null ? null : endpoint;
    }

    internal List<IpPrefix> Prefixes(string name)
    {
        List<IpPrefix> prefixes = [];
        if (!TryGet(name, JsonValueKind.Array, "an array", out JsonElement array))
        {
            return prefixes;
        }

        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !IpPrefix.TryParse(item.GetString(), out IpPrefix prefix))
            {
                Complain(name, "an array of prefixes, such as \"10.0.0.0/24\" or \"2001:db8::/64\"");
                return [];
            }

            prefixes.Add(prefix);
        }

        return prefixes;
    }

    /// <summary>The objects of an array.</summary>
    internal IEnumerable<JsonElement> Objects(string name)
    {
        if (!TryGet(name, JsonValueKind.Array, "an array", out JsonElement array))
        {
            yield break;
        }

        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                Complain(name, "an array of objects");
                yield break;
            }

            yield return item;
        }
    }

    /// <summary>Counters by the names of what they count. Names that we do not know are left out.</summary>
    internal Dictionary<T, long> Counters<T>(string name, NameParser<T> tryParse)
        where T : notnull
    {
        Dictionary<T, long> counts = [];
        if (!TryGet(name, JsonValueKind.Object, "an object", out JsonElement counters))
        {
            return counts;
        }

        foreach (JsonProperty counter in counters.EnumerateObject())
        {
            if (counter.Value.ValueKind != JsonValueKind.Number || !counter.Value.TryGetInt64(out long count))
            {
                Complain(name, "an object of counters");
            }
            else if (tryParse(counter.Name, out T counted))
            {
                counts[counted] = count;
            }
        }

        return counts;
    }

    /// <summary>Remembers that a member is not what it must be.</summary>
    internal void Complain(string name, string wanted) => Complaint ??= $"\"{name}\" must be {wanted}";

    private bool TryGet(string name, JsonValueKind kind, string wanted, out JsonElement value)
    {
        _ = _known.Add(name);
        if (!element.TryGetProperty(name, out value))
        {
            return false;
        }

        if (value.ValueKind != kind)
        {
            Complain(name, wanted);
        }

        return value.ValueKind == kind;
    }
}
