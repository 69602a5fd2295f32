using Chasqui.Cli.Qr;
using Chasqui.Core.Config;
using Chasqui.Tests.Provision;

namespace Chasqui.Tests.Cli.Qr;

public sealed class QrPictureTests : IDisposable
{
    private const string Short = "[Interface]\nPrivateKey = x\n";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Texts => [Short, "# Name = señor 😀 $(x)\n[Interface]\n", Lines(300), Lines(1200), Lines(2953)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void AnotherReaderReadsThePng(string text)
    {
        QrReader.SkipUnlessHere("zbarimg");
        using QrPicture picture = QrPicture.Of(text);

        File.WriteAllBytes(_folder["x.png"], picture.ToPng());

        Assert.Equal(text, QrReader.Read(_folder["x.png"]));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void AnotherReaderReadsTheSvg(string text)
    {
        QrReader.SkipUnlessHere("zbarimg", "rsvg-convert");
        using QrPicture picture = QrPicture.Of(text);

        File.WriteAllText(_folder["x.svg"], picture.ToSvg());

        _ = QrReader.Run("/usr/bin/rsvg-convert", "-o", _folder["x.png"], _folder["x.svg"]);
        Assert.Equal(text, QrReader.Read(_folder["x.png"]));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void AnotherReaderReadsADarkTerminalAndALightOne(string text)
    {
        QrReader.SkipUnlessHere("zbarimg");
        using QrPicture picture = QrPicture.Of(text);
        string shown = picture.ToTerminal();
        foreach (byte background in (byte[])[0, 30, 255])
        {
            QrReader.Draw(shown, _folder["x.pgm"], background);

            Assert.Equal(text, QrReader.Read(_folder["x.pgm"]));
        }
    }

    [Fact]
    public void ATypicalFileFitsAnEightyColumnTerminal()
    {
        using QrPicture picture = QrPicture.Of(Lines(400));

        Assert.InRange(picture.Size, 21 + (2 * QrPicture.QuietZone), 80);
    }

    [Fact]
    public void TheEdgeIsLight()
    {
        using QrPicture picture = QrPicture.Of(Short);
        for (int i = 0; i < picture.Size; i++)
        {
            for (int j = 0; j < QrPicture.QuietZone; j++)
            {
                Assert.False(picture.IsDark(j, i) || picture.IsDark(i, j) || picture.IsDark(picture.Size - 1 - j, i) || picture.IsDark(i, picture.Size - 1 - j));
            }
        }

        Assert.True(picture.IsDark(QrPicture.QuietZone, QrPicture.QuietZone));
    }

    [Fact]
    public void ATextThatIsTooLongIsRefused() =>
        Assert.Contains("too long for a QR code", Assert.Throws<ConfigException>(() => QrPicture.Of(Lines(2954))).Message, StringComparison.Ordinal);

    private static string Lines(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(static i => i % 50 == 49 ? '\n' : (char)('a' + (i * 7 % 26))))[..(length - 1)] + "z";
}
