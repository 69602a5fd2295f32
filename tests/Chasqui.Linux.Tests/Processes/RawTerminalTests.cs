using System.Globalization;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

/// <summary>A pseudoterminal is taken over, and given back as it was. Source: pty(7).</summary>
public sealed unsafe class RawTerminalTests : IDisposable
{
    private const int NoControllingTerminal = 0x100; // O_NOCTTY
    private const nuint Unlock = 0x40045431, Number = 0x80045430; // TIOCSPTLCK, TIOCGPTN

    private readonly FileDescriptor _keyboard;
    private readonly FileDescriptor _terminal;

    public RawTerminalTests()
    {
        _keyboard = Open("/dev/ptmx");
        int zero = 0, number;
        LinuxException.Check(Libc.ioctl(_keyboard, Unlock, &zero), "ioctl");
        LinuxException.Check(Libc.ioctl(_keyboard, Number, &number), "ioctl");
        _terminal = Open("/dev/pts/" + number.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _keyboard.Dispose();
        _terminal.Dispose();
    }

    [Fact]
    public void AKeyComesAtOnceAndWithoutEcho()
    {
        using RawTerminal terminal = RawTerminal.TryOpen(_terminal, _terminal)!;

        byte key = (byte)'q';
        Assert.Equal(1, Libc.write(_keyboard, &key, 1));

        byte[] keys = new byte[8];
        Assert.Equal(1, terminal.Read(keys));
        Assert.Equal(key, keys[0]);
        Assert.Equal(PollEvents.None, Poller.WaitOne(_keyboard, PollEvents.Read, timeoutMilliseconds: 50));
    }

    [Fact]
    public void ItIsGivenBackAsItWas()
    {
        Libc.termios before = Settings();
        RawTerminal terminal = RawTerminal.TryOpen(_terminal, _terminal)!;
        Assert.NotEqual(before.c_lflag, Settings().c_lflag);

        terminal.Dispose();
        terminal.Dispose();

        Libc.termios after = Settings();
        Assert.Equal((before.c_iflag, before.c_oflag, before.c_cflag, before.c_lflag), (after.c_iflag, after.c_oflag, after.c_cflag, after.c_lflag));
    }

    [Fact]
    public void ATerminalThatDoesNotKnowItsSizeHasTheUsualOne()
    {
        using RawTerminal terminal = RawTerminal.TryOpen(_terminal, _terminal)!;

        terminal.Measure(out int rows, out int columns);

        Assert.Equal((24, 80), (rows, columns));
    }

    [Fact]
    public void WhatIsNoTerminalIsLeftAlone()
    {
        using FileDescriptor file = Open("/dev/null");

        Assert.Null(RawTerminal.TryOpen(file, file));
        Assert.Null(RawTerminal.TryOpen(file, _terminal));
        Assert.Null(RawTerminal.TryOpen(_terminal, file));
    }

    private static FileDescriptor Open(string path) =>
        FileDescriptor.FromResult(Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC | NoControllingTerminal, 0), "open", path);

    private Libc.termios Settings()
    {
        Libc.termios settings;
        LinuxException.Check(Libc.tcgetattr(_terminal, &settings), "tcgetattr");
        return settings;
    }
}
