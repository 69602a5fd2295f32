using Chasqui.Linux;
using Chasqui.Linux.Netlink;

namespace Chasqui.Control;

/// <summary>Interfaces by name, for endpoints such as <c>[fe80::1%eth0]:51820</c>.</summary>
public static class NetworkInterfaces
{
    /// <summary>The index of an interface, or null if there is none of that name.</summary>
    public static uint? FindIndex(string name)
    {
        try
        {
            using Rtnetlink rtnetlink = Rtnetlink.Open();
            return rtnetlink.TryGetLink(name, out LinkInfo link) ? link.Index : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>The name of an interface, or null if there is none of that index.</summary>
    public static string? FindName(uint index)
    {
        try
        {
            using Rtnetlink rtnetlink = Rtnetlink.Open();
            return rtnetlink.TryGetLink(index, out LinkInfo link) ? link.Name : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
