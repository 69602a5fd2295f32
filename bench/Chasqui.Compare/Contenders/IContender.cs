namespace Chasqui.Compare.Contenders;

/// <summary>A way to join the two hosts of a <see cref="Lab"/>. The inner addresses are the same in every one.</summary>
internal interface IContender
{
    /// <summary>What options, tables and charts call it: "wireguard-go".</summary>
    string Name { get; }

    /// <summary>The version of the program or kernel that is measured, without its name.</summary>
    string Version { get; }

    /// <summary>What a reader must know to compare: the cipher, the MTU of the inner interface.</summary>
    string Note { get; }

    /// <summary>Why it cannot be measured on this machine, as a clause ("openvpn is not installed"); null if it can.</summary>
    string? WhyAbsent { get; }

    /// <summary>Starts both ends; returns when the first ping has been answered.</summary>
    /// <exception cref="LabException">It did not start, or no ping was answered.</exception>
    void Start(Lab lab);

    /// <summary>The processes of both ends, for CPU time, memory and wake-ups; none if the kernel does the work.</summary>
    IEnumerable<int> Daemons(Lab lab);
}
