namespace Chasqui.System.Tests.Harness;

/// <summary>Has the threads of a running process make system calls: what they are refused is what a bug that runs code there would be refused.</summary>
internal static class Debugger
{
    /// <summary>Calls functions of the C library on every thread.</summary>
    /// <param name="id">The process.</param>
    /// <param name="paths">Files: their names stand in each thread's stack, and are <c>$path0</c> and so on in the calls.</param>
    /// <param name="calls">The calls, as gdb has them, which return an int; what they open is closed.</param>
    /// <returns>For each thread 0 for each call that was done, or minus what it left in errno.</returns>
    public static List<int[]> Call(int id, string[] paths, params string[] calls)
    {
        using var folder = new TemporaryFolder();
        var script = Path.Combine(folder.Path, "script");
        File.WriteAllText(script, Script(paths, calls));
        var result = Command.Succeed(Command.Try(
            ["gdb", "-nx", "-q", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off", "-p", $"{id}", "-x", script]));
        var answers = result.Lines.Where(line => line.StartsWith("answer ", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1])).ToArray();
        Assert.True(answers.Length > 0 && answers.Length % calls.Length == 0, result.ToString());
        return [.. answers.Chunk(calls.Length)];
    }

    /// <summary>Other threads stand still meanwhile, and the names lie far below what any thread's stack has in use.</summary>
    private static string Script(string[] paths, string[] calls) =>
        $$"""
        set scheduler-locking on
        define attempts
        {{string.Join('\n', paths.Select(Name))}}
        {{string.Join('\n', calls.Select(Attempt))}}
        end
        thread apply all -q attempts
        detach

        """;

    private static string Name(string path, int number) =>
        $$"""
        set $path{{number}} = (char*)$sp - {{8192 + (number * 1024)}}
        set {char[{{path.Length + 1}}]} $path{{number}} = "{{path}}"
        """;

    private static string Attempt(string call) =>
        $$"""
        set $result = (int){{call}}
        if $result < 0
        set $result = -*(int*)((long(*)(void))__errno_location)()
        end
        if $result > 2
        set $result = (int)close($result)
        end
        printf "answer %d\n", $result
        """;
}
