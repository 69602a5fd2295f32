namespace Chasqui.SyscallBench;

/// <summary>How an <see cref="AnswerWay"/> waits.</summary>
internal enum AnswerWait
{
    /// <summary>poll, then a receive that does not block.</summary>
    Poll,

    /// <summary>A receive that blocks.</summary>
    Block,

    /// <summary>Receives again and again, which keeps a core busy.</summary>
    Spin,
}
