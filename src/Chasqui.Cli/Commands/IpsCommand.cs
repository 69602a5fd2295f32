using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands;

/// <summary><c>ips</c>: arithmetic of prefixes, for <c>AllowedIPs</c>.</summary>
internal static class IpsCommand
{
    private const int DocumentVersion = 1;

    private const string Help = """
        Usage: chasqui ips [--lines|--json] EXPRESSION...

        Prints the fewest prefixes that are exactly what the expression says, in one line as AllowedIPs takes them.

          chasqui ips '0.0.0.0/0 - 192.168.0.0/16'
          chasqui ips '0.0.0.0/0, ::/0 - private, 203.0.113.7'
          chasqui ips '10.0.0.0/24, 10.0.1.0/24'

        An expression is one list, or several with operators between them. In a list, with commas between them, stand
          10.0.0.0/8, fd00::1       prefixes and addresses; bits after a prefix's length do not count
          10.0.0.1-10.0.0.9         a range of addresses, without white space
          all                       0.0.0.0/0, ::/0
          private                   10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fc00::/7, fe80::/10
          ( ... )                   an expression

        A comma binds most: everything in the list after a minus is left out. Operators are worked out from left to right:
          A - B                     what is in A and not in B; with white space on both sides of the minus
          A + B                     what is in A or in B
          A & B                     what is in both

          --lines                   one prefix a line
          --json                    one JSON document; see docs/json.md
        """;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs the command.</summary>
    internal static int Run(Invocation invocation)
    {
        string? form = null;
        List<string> words = [];
        foreach (string argument in invocation.Arguments)
        {
            switch (argument)
            {
                case "--help" or "-h":
                    invocation.Terminal.Output.WriteLine(Help);
                    return Invocation.Success;
                case "--lines" or "--json":
                    form = argument;
                    break;
                case ['-', '-', ..]:
                    return invocation.Fail($"`{argument}' is no option of ips; there are --lines, --json and --help.");
                default:
                    words.Add(argument);
                    break;
            }
        }

        if (words.Count == 0)
        {
            return invocation.Fail("ips takes an expression, for example '0.0.0.0/0 - 192.168.0.0/16'; chasqui ips --help tells more.");
        }

        try
        {
            return Print(invocation, AllowedIpsExpression.Parse(string.Join(' ', words)), form);
        }
        catch (ConfigException exception)
        {
            return invocation.Fail(exception.Message);
        }
    }

    private static int Print(Invocation invocation, AllowedIpsExpression expression, string? form)
    {
        IReadOnlyList<IpPrefix> prefixes = expression.Compute();
        if (prefixes.Count == 0)
        {
            return invocation.Fail($"`{expression}' leaves no address; exclude less.");
        }

        if (form == "--json")
        {
            invocation.Terminal.WriteOutput(ToJson(expression, prefixes));
        }
        else
        {
            invocation.Terminal.Output.WriteLine(string.Join(form is null ? ", " : "\n", prefixes));
        }

        return Invocation.Success;
    }

    private static ReadOnlySpan<byte> ToJson(AllowedIpsExpression expression, IReadOnlyList<IpPrefix> prefixes)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", DocumentVersion);
            writer.WriteString("expression", expression.ToString());
            writer.WriteStartArray("prefixes");
            foreach (IpPrefix prefix in prefixes)
            {
                writer.WriteStringValue(prefix.ToString());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }
}
