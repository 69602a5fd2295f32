using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <content>More queues of one interface.</content>
public sealed partial class TunDevice
{
    private const short Flags = TunLibc.IFF_TUN | TunLibc.IFF_NO_PI | TunLibc.IFF_VNET_HDR;

    /// <summary>Makes the interface, or attaches to one that outlives its descriptors (<c>ip tuntap add</c>), which is left one queue.</summary>
    /// <remarks>
    /// To an interface with many queues anybody may attach who asks for that, and would get a part of its packets: so another daemon's
    /// must not be asked so.
    /// </remarks>
    private static TunLibc.ifreq Attach(FileDescriptor descriptor, string name, ref int queues)
    {
        TunLibc.ifreq request = RequestFor(name, TunLibc.IFF_MULTI_QUEUE | TunLibc.IFF_TUN_EXCL);
        if (queues > 1 && TryControl(descriptor, TunLibc.TUNSETIFF, ref request))
        {
            return request;
        }

        queues = 1;
        request = RequestFor(name, 0);
        if (TryControl(descriptor, TunLibc.TUNSETIFF, ref request))
        {
            return request;
        }

        LinuxException error = LastError("TUNSETIFF");
        throw error.Errno == TunLibc.EINVAL && HasManyQueues(name) ? new LinuxException("TUNSETIFF", TunLibc.EBUSY) : error;
    }

    /// <summary>Whether there is a TUN device of that name with many queues, for the sake of a better message: false if it cannot be told.</summary>
    private static bool HasManyQueues(string name)
    {
        try
        {
            string flags = File.ReadAllText($"/sys/class/net/{name}/tun_flags").Trim();
            return (Convert.ToInt32(flags, 16) & TunLibc.IFF_MULTI_QUEUE) != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Opens queues until there are as many as wanted, or the kernel gives no more.</summary>
    private void AddQueues(int wanted)
    {
        while (_queues.Length < wanted)
        {
            FileDescriptor? descriptor = null;
            try
            {
                descriptor = OpenCloneDevice();
                TunLibc.ifreq request = RequestFor(Name, TunLibc.IFF_MULTI_QUEUE);
                Control(descriptor, "TUNSETIFF", TunLibc.TUNSETIFF, ref request);
                AddQueue(descriptor);
            }
            catch (LinuxException)
            {
                descriptor?.Dispose();
                return;
            }
        }
    }

    private void TakeOverQueue(FileDescriptor descriptor)
    {
        TunLibc.ifreq request = default;
        Control(descriptor, "TUNGETIFF", TunLibc.TUNGETIFF, ref request);
        MakeNonBlocking(descriptor);
        AddQueue(descriptor);
    }

    /// <summary>Another may have taken the name between two calls: a queue of something else is none of ours.</summary>
    private void AddQueue(FileDescriptor descriptor)
    {
        var queue = new TunDevice(descriptor, Name, Index, HasVirtioNetHeader, this);
        if (!queue.TryGetCurrentName(out string name) || !TryGetCurrentName(out string ours) || name != ours)
        {
            throw new LinuxException("TUNGETIFF", TunLibc.EINVAL);
        }

        _queues = [.. _queues, queue];
    }

    private static TunLibc.ifreq RequestFor(string name, int more)
    {
        var request = new TunLibc.ifreq { ifr_flags = (short)(Flags | more) };
        WriteName(ref request, name);
        return request;
    }
}
