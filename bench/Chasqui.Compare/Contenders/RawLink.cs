namespace Chasqui.Compare.Contenders;

/// <summary>The cable itself, without a tunnel: what the machine and the measuring programs can do at most.</summary>
internal sealed class RawLink : IContender
{
    /// <inheritdoc/>
    public string Name => "veth";

    /// <inheritdoc/>
    public string Version => $"Linux {Programs.Kernel}";

    /// <inheritdoc/>
    public string Note => $"no tunnel, no encryption; MTU {Lab.InnerMtu}";

    /// <inheritdoc/>
    public string? WhyAbsent => null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        foreach (End end in (End[])[End.Left, End.Right])
        {
            lab.RunIp(end, $"link set eth0 mtu {Lab.InnerMtu}", $"address add {Lab.Inner(end)}/24 dev eth0");
        }

        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => [];
}
