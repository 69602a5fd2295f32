using Chasqui.Core.Routing;

namespace Chasqui.Core.Tests.Routing;

/// <summary>Stands for a peer.</summary>
public sealed class TestOwner(string name) : IAllowedIpOwner
{
    private AllowedIpList _list;

    internal ref AllowedIpList AllowedIpList => ref _list;

    ref AllowedIpList IAllowedIpOwner.AllowedIpList => ref _list;

    public override string ToString() => name;
}
