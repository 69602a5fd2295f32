using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Chasqui.Tests.Architecture;

/// <summary>One of everything that the scan must find: each member breaks a rule in a different place of the metadata.</summary>
internal sealed class Specimens : IAsyncDisposable
{
    public const int AllowedConstant = 1;
    public static readonly int AllowedReadOnly = Environment.ProcessorCount;
    public static int MutableStatic = 1;

    public readonly Thread? Field = Thread.CurrentThread;

    private static readonly Func<int> CachedLambda = () => AllowedConstant;

    public static string? MutableStaticProperty { get; set; }

    public static long Call() => DateTime.UtcNow.Ticks;

    public static List<FileStream>? GenericArgument() => null;

    public static string TypeToken() => nameof(Socket) + typeof(Socket);

    public static int CatchClause(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (SocketException)
        {
            return CachedLambda();
        }
    }

    public static Func<long> Closure(long start) => () => start - Stopwatch.GetTimestamp();

    public static int FarOperand(int choice) => choice switch
    {
        // A jump table and long branches before the call: the walk must keep in step with the instructions.
        0 => 17,
        1 => 4711,
        2 => int.MaxValue,
        3 => 99,
        4 => int.MinValue,
        5 => 65,
        _ => Random.Shared.Next((int)Math.Round(choice * 1.25, MidpointRounding.ToEven)),
    };

    public static void Constraint<T>(T value)
        where T : Stream => value.Flush();

    public static async Task Await() => await Task.Yield();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [DllImport("libc")]
    internal static extern int getpid();
}
