using System.Globalization;
using System.Runtime;
using System.Runtime.Intrinsics.X86;
using Chasqui.Timing;

// Chasqui.Timing [SECONDS [FILE]]: each subject for so long; FILE gets a line of JSON a subject. Exit 1 if one leaks, or the control is not found.
const double Leak = 10; // dudect's own threshold for "certainly not constant time"
if (!int.TryParse(args.Length > 0 ? args[0] : "10", NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds == 0)
{
    Console.Error.WriteLine($"timing: `{args[0]}' is no number of seconds; whole ones for each subject, such as 10");
    return 2;
}

string compiler = JitInfo.GetCompiledMethodCount() > 0 ? "JIT" : "NativeAOT";
Console.WriteLine($"{compiler}, AVX2 {Avx2.IsSupported}, AVX-512VL {Avx512F.VL.IsSupported}; {seconds} s each; |t| above {Leak} is a leak\n");
Console.WriteLine("| subject | classes | measurements | t |\n|---|---|---|---|");
var lines = new List<string>();
bool isSound = true;
foreach (Subject subject in Subjects.All)
{
    (long count, double t) = new Dudect(subject, seed: 1).Measure(TimeSpan.FromSeconds(seconds));
    bool isRight = subject.IsControl == t > Leak;
    isSound &= isRight;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {subject.Name} | {subject.Classes} | {count:N0} | {t:f1}{(isRight ? "" : subject.IsControl ? " NOT FOUND" : " LEAKS")} |"));
    lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"subject":"{{subject.Name}}","classes":"{{subject.Classes}}","measurements":{{count}},"t":{{t:f1}},"isControl":{{(subject.IsControl ? "true" : "false")}}}"""));
}

if (args.Length > 1)
{
    File.WriteAllLines(args[1], lines);
}

if (!isSound)
{
    Console.Error.WriteLine("timing: something leaks, or the control was not found");
}

return isSound ? 0 : 1;
