using Chasqui.Core.Routing;

namespace Chasqui.Benchmarks.Routing;

/// <summary>Stands for a peer.</summary>
internal sealed class Owner : IAllowedIpOwner
{
    private AllowedIpList _list;

    ref AllowedIpList IAllowedIpOwner.AllowedIpList => ref _list;
}
