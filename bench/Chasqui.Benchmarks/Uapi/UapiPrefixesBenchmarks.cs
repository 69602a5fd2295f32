using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Chasqui.Core.Uapi;

namespace Chasqui.Benchmarks.Uapi;

/// <summary>One peer with very many prefixes: what a quadratic reader would take minutes for.</summary>
public class UapiPrefixesBenchmarks
{
    private const int Prefixes = 65_025 * 2;

    private readonly byte[] _set = Text();

    [Benchmark]
    public int SetRead()
    {
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = _set;
        if (!reader.TryRead(ref bytes, out UapiOperation? operation)) throw new InvalidOperationException("The text is not whole.");
        using (operation)
        {
            return operation.Change!.Peers[0].AllowedIps.Count;
        }
    }

    private static byte[] Text()
    {
        var text = new StringBuilder("set=1\npublic_key=").Append('0', 64).Append('\n');
        for (int i = 0; i < Prefixes; i++)
        {
            string prefix = i % 2 == 0 ? $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32" : $"fd00:{i >> 16:x}:{i & 0xffff:x}::1/128";
            text.Append(CultureInfo.InvariantCulture, $"allowed_ip={prefix}\n");
        }

        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }
}
