using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>Reads the one key of a key file: 44 characters, then white space only; an empty file stands for no key.</summary>
/// <remarks>Source: wireguard-tools config.c.</remarks>
internal readonly struct KeyFile(ConfPlace place, KeyFileReader reader)
{
    private static readonly string NoKey = new string('A', KeyText.Base64Length - 1) + "=";

    internal ConfPlace Place => place;

    /// <summary>Hands the key's text to <paramref name="take"/>, in memory that is zeroed afterwards.</summary>
    internal void Read(string path, KeyTextAction take)
    {
        using KeyFileContent file = reader(path);
        if (file.OpenError is not null)
        {
            throw place.Error($"{ConfText.Quote(path)} cannot be opened: {file.OpenError}.", $"fopen: {file.OpenError}");
        }

        ReadOnlySpan<byte> bytes = file.DangerousSpan;
        if (bytes.IsEmpty && file.CanSeek && file.ReadError is null)
        {
            take(NoKey);
            return;
        }

        if (bytes.Length < KeyText.Base64Length)
        {
            throw place.Error($"{ConfText.Quote(path)} is too short to hold a key.", "Invalid length key in key file");
        }

        RefuseMore(bytes[KeyText.Base64Length..], path);
        if (file.ReadError is not null)
        {
            throw place.Error($"{ConfText.Quote(path)} cannot be read: {file.ReadError}.", $"getc: {file.ReadError}");
        }

        Take(bytes[..KeyText.Base64Length], take);
    }

    private void RefuseMore(ReadOnlySpan<byte> rest, string path)
    {
        foreach (byte b in rest)
        {
            if (!ConfText.IsSpace((char)b))
            {
                throw place.Error(
                    $"{ConfText.Quote(path)} holds more than a key; leave one key in base64 in it.",
                    $"Found trailing character in key file: `{(char)b}'");
            }
        }
    }

    private static void Take(ReadOnlySpan<byte> bytes, KeyTextAction take)
    {
        Span<char> text = stackalloc char[KeyText.Base64Length];
        try
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)bytes[i];
            }

            int end = text.IndexOf('\0');
            take(end < 0 ? text : text[..end]);
        }
        finally
        {
            text.Clear();
        }
    }
}
