namespace Chasqui.Control;

/// <summary>One client of a control socket.</summary>
internal interface IControlConnection : IDisposable
{
    /// <summary>Serves the client until it closes, sends nonsense, or <see cref="Abort"/> is called. Does not throw.</summary>
    void Run();

    /// <summary>Ends the connection; any thread.</summary>
    void Abort();
}
