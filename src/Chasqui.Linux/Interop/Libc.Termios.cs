using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: termios.h and sys/ioctl.h.</content>
internal static unsafe partial class Libc
{
    internal const int TCSAFLUSH = 2;
    internal const int NCCS = 32;
    internal const int TIOCGWINSZ = 0x5413;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int tcgetattr(FileDescriptor terminal, termios* settings);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int tcsetattr(FileDescriptor terminal, int when, termios* settings);

    [LibraryImport(Name)]
    internal static partial void cfmakeraw(termios* settings);

    [StructLayout(LayoutKind.Sequential)]
    internal struct termios
    {
        internal uint c_iflag;
        internal uint c_oflag;
        internal uint c_cflag;
        internal uint c_lflag;
        internal byte c_line;
        internal fixed byte c_cc[NCCS];
        internal uint c_ispeed;
        internal uint c_ospeed;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct winsize
    {
        internal ushort ws_row;
        internal ushort ws_col;
        internal ushort ws_xpixel;
        internal ushort ws_ypixel;
    }
}
