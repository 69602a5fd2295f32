using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Names;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>What the readers of configurations need from the system: files, names and services.</summary>
internal static class ConfInput
{
    private const int KeyFileLength = 4096;

    /// <summary>Options that read as stock does, warnings to standard error as they arise.</summary>
    /// <exception cref="ConfigException"><c>WG_ENDPOINT_RESOLUTION_RETRIES</c> is wrong; thrown where the first endpoint is read.</exception>
    internal static WgConfOptions Options(Terminal terminal)
    {
        string? retries = Environment.GetEnvironmentVariable("WG_ENDPOINT_RESOLUTION_RETRIES");
        return new WgConfOptions
        {
            Services = EndpointLookup.FindPort,
            Endpoints = endpoint => new EndpointLookup(terminal.Error, EndpointRetries.Parse(retries), Thread.Sleep).Resolve(endpoint),
            ResolutionRetries = retries,
            Warn = warning => terminal.WriteError(warning.StockOutput.Span),
        };
    }

    /// <summary>Says of a mistake what stock says if it is stock's program that was called, else where it is and what to do.</summary>
    /// <returns><see cref="Invocation.Failure"/>.</returns>
    internal static int Fail(this Invocation invocation, ConfigException exception)
    {
        if (exception.StockOutput.IsEmpty || !invocation.IsStock)
        {
            return invocation.Fail(exception.Message);
        }

        invocation.Terminal.WriteError(exception.StockOutput.Span);
        return Invocation.Failure;
    }

    /// <summary>Reads a key file, as far as it can hold a key.</summary>
    internal static KeyFileContent ReadKeyFile(string path)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(KeyFileLength, pinned: true);
        int length = 0;
        bool canSeek = true;
        try
        {
            using InputFile file = InputFile.Open(path);
            canSeek = file.CanSeek;
            for (int read = 1; read > 0 && length < buffer.Length; length += read)
            {
                read = file.Read(buffer.AsSpan(length));
            }

            return KeyFileContent.Read(buffer.AsSpan(0, length), canSeek);
        }
        catch (LinuxException exception) when (exception.Syscall == "open")
        {
            return KeyFileContent.NotOpened(Marshal.GetPInvokeErrorMessage(exception.Errno));
        }
        catch (LinuxException exception)
        {
            return KeyFileContent.Broken(buffer.AsSpan(0, length), Marshal.GetPInvokeErrorMessage(exception.Errno));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>Reads a whole file. The caller disposes of the bytes, which hold keys.</summary>
    /// <exception cref="LinuxException">It cannot be opened or read.</exception>
    internal static SecretBuffer ReadFile(string path)
    {
        SecretBuffer bytes = new();
        try
        {
            using InputFile file = InputFile.Open(path);
            for (int read = 1; read > 0;)
            {
                read = file.Read(bytes.GetSpan(KeyFileLength));
                bytes.Advance(read);
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
