using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>show [INTERFACE | all | interfaces] [FIELD] [--json]</c>. Source: wg(8); wireguard-tools show.c.</summary>
internal static class ShowCommand
{
    /// <summary>The arguments, for the help.</summary>
    internal const string Usage =
        "show { <interface> | all | interfaces } [public-key | private-key | listen-port | fwmark | peers | preshared-keys | endpoints"
        + " | allowed-ips | latest-handshakes | transfer | persistent-keepalive | dump]";

    private const string All = "all";
    private const string JsonOption = "--json";

    /// <summary>Shows running interfaces.</summary>
    internal static int Run(Invocation invocation)
    {
        List<string> words = [.. invocation.Arguments];
        bool isJson = words.Remove(JsonOption);
        using WgText text = new();
        try
        {
            return isJson ? ShowJson.Run(invocation, words, text) : Run(invocation, words, text);
        }
        finally
        {
            invocation.Terminal.WriteOutput(text.WrittenSpan);
        }
    }

    /// <summary>Every interface, or a failure that has been told.</summary>
    internal static IReadOnlyList<string>? List(Invocation invocation)
    {
        try
        {
            return new UapiClient().ListInterfaces();
        }
        catch (LinuxException exception)
        {
            _ = invocation.Fail("Unable to list interfaces", exception);
            return null;
        }
    }

    /// <summary>One of all interfaces, or a failure that has been told.</summary>
    internal static NamedDevice? ReadOneOfAll(Invocation invocation, string name) =>
        Read(invocation, name, $"Unable to access interface {name}");

    /// <summary>The interface that was asked for, or a failure that has been told.</summary>
    internal static NamedDevice? ReadNamed(Invocation invocation, string name) =>
        Read(invocation, name, invocation.IsStock ? "Unable to access interface" : $"Unable to access interface {ConfigException.Quote(name)}");

    /// <summary>Says that there is no such field.</summary>
    internal static int RefuseField(Invocation invocation, string field)
    {
        invocation.Terminal.Error.Write($"Invalid parameter: `{field}'\n");
        return invocation.FailUsage(Usage);
    }

    private static NamedDevice? Read(Invocation invocation, string name, string failure)
    {
        try
        {
            return new NamedDevice(name, new UapiClient().Get(name));
        }
        catch (LinuxException exception)
        {
            _ = invocation.Fail(failure, exception);
            return null;
        }
    }

    private static int Run(Invocation invocation, List<string> words, WgText text)
    {
        switch (words)
        {
            case { Count: > 2 } or ["interfaces", _]:
                return invocation.FailUsage(Usage);
            case [] or [All, ..]:
                return ShowAll(invocation, words.Count == 2 ? words[1] : null, text);
            case ["interfaces"]:
                return ShowInterfaces(invocation, text);
            case ["-h" or "--help" or "help"]:
                _ = invocation.FailUsage(Usage);
                return Invocation.Success;
            default:
                return ShowOne(invocation, words[0], words.Count == 2 ? words[1] : null, text);
        }
    }

    private static int ShowAll(Invocation invocation, string? field, WgText text)
    {
        if (List(invocation) is not { } names)
        {
            return Invocation.Failure;
        }

        ShowOptions options = ShowOptions.FromEnvironment(invocation);
        int code = names.Count == 0 ? Invocation.Success : Invocation.Failure;
        for (int i = 0; i < names.Count; i++)
        {
            using NamedDevice? device = ReadOneOfAll(invocation, names[i]);
            if (device is null)
            {
                continue;
            }

            if (field is not null && !FieldShow.TryAppend(text, device, field, withInterface: true))
            {
                return RefuseField(invocation, field);
            }

            if (field is null)
            {
                PrettyShow.Append(text, device, options);
                text.Append(i < names.Count - 1 ? "\n"u8 : default);
            }

            code = Invocation.Success;
        }

        return code;
    }

    private static int ShowInterfaces(Invocation invocation, WgText text)
    {
        if (List(invocation) is not { } names)
        {
            return Invocation.Failure;
        }

        for (int i = 0; i < names.Count; i++)
        {
            text.Append(names[i]).Append(i < names.Count - 1 ? " "u8 : "\n"u8);
        }

        return Invocation.Success;
    }

    private static int ShowOne(Invocation invocation, string name, string? field, WgText text)
    {
        using NamedDevice? device = ReadNamed(invocation, name);
        if (device is null)
        {
            return Invocation.Failure;
        }

        if (field is null)
        {
            PrettyShow.Append(text, device, ShowOptions.FromEnvironment(invocation));
            return Invocation.Success;
        }

        return FieldShow.TryAppend(text, device, field, withInterface: false) ? Invocation.Success : RefuseField(invocation, field);
    }
}
