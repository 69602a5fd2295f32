namespace Chasqui.Compare.Measures;

/// <summary>A program that sends datagrams from right to left at a rate, and one that counts them.</summary>
internal interface IUdpSender
{
    /// <summary>What keys of quantities have behind the size: ".gso".</summary>
    string Suffix { get; }

    /// <summary>How it sends, for tables.</summary>
    string Words { get; }

    /// <summary>Starts what counts, for some probes; it ends with the object.</summary>
    IDisposable Listen(Lab lab, int payload);

    /// <summary>Sends once.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="payload">Bytes in a datagram.</param>
    /// <param name="rate">Payload bits a second.</param>
    RateProbe Send(Lab lab, int payload, double rate);
}
