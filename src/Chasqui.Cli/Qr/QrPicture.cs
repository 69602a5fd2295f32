using System.Collections;
using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using QRCoder;

namespace Chasqui.Cli.Qr;

/// <summary>A QR code as a square of dark and light modules, and as pictures of it.</summary>
/// <remarks>
/// Shape: every picture has the light edge of four modules that readers look for. Error correction L, the least: a screen has no dirt on it,
/// and fewer modules are larger ones. What it encodes is on the picture for all to see: it is as secret as the text.
/// </remarks>
internal sealed class QrPicture : IDisposable
{
    /// <summary>Modules of the light edge. Source: ISO/IEC 18004.</summary>
    internal const int QuietZone = 4;

    // A screen's pixels for a module: a phone reads it from an arm's length.
    private const int PixelsPerModule = 6;

    // Black on white by their places in the 256-colour cube: themes change the first sixteen colours, and hardly anybody these.
    private const string BlackOnWhite = "\e[38;5;16;48;5;231m";
    private const string Reset = "\e[0m";

    private readonly QRCodeData _data;

    private QrPicture(QRCodeData data) => _data = data;

    /// <summary>Modules of a side, the light edge among them.</summary>
    internal int Size => _data.ModuleMatrix.Count;

    /// <summary>Draws a text.</summary>
    /// <exception cref="ConfigException">It is too long for any QR code: more than 2953 bytes.</exception>
    internal static QrPicture Of(string text)
    {
        try
        {
            // As UTF-8 where it is not ASCII, and without saying so: a reader that does not know the mark shows it as text.
            using QRCodeGenerator generator = new();
            return new QrPicture(generator.CreateQrCode(Encoding.UTF8.GetBytes(text), QRCodeGenerator.ECCLevel.L));
        }
        catch (QRCoder.Exceptions.DataTooLongException)
        {
            throw new ConfigException("the configuration is too long for a QR code; write it to a file with -o FILE.conf, or exclude less.");
        }
    }

    /// <summary>Whether a module is dark.</summary>
    internal bool IsDark(int row, int column) => row < Size && _data.ModuleMatrix[row][column];

    /// <summary>The picture for a terminal, dark or light: two modules a character, one above the other, in colours of its own.</summary>
    /// <remarks>Shape: <see cref="Size"/> columns; every line ends as the terminal was before.</remarks>
    internal string ToTerminal()
    {
        StringBuilder text = new();
        for (int row = 0; row < Size; row += 2)
        {
            _ = text.Append(BlackOnWhite);
            for (int column = 0; column < Size; column++)
            {
                _ = text.Append((IsDark(row, column), IsDark(row + 1, column)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            _ = text.Append(Reset).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The picture as a PNG file.</summary>
    internal byte[] ToPng() => new PngByteQRCode(_data).GetGraphic(PixelsPerModule, drawQuietZones: true); // disposing it would dispose the data

    /// <summary>The picture as an SVG file: one path on a white square.</summary>
    internal string ToSvg()
    {
        StringBuilder path = new();
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                int start = column;
                while (column < Size && IsDark(row, column))
                {
                    column++;
                }

                if (column > start)
                {
                    int length = column - start;
                    _ = path.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{length}v1h-{length}z");
                }
            }
        }

        int pixels = Size * PixelsPerModule;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" viewBox="0 0 {Size} {Size}" shape-rendering="crispEdges">
            <path fill="#fff" d="M0 0h{Size}v{Size}H0z"/>
            <path d="{path}"/>
            </svg>

            """);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BitArray row in _data.ModuleMatrix)
        {
            row.SetAll(false);
        }

        _data.Dispose();
    }
}
