using System.Globalization;
using System.Runtime;
using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Crypto;
using Chasqui.Timing;

// Chasqui.Timing [SECONDS [FILE]]: each subject for so long; FILE gets a line of JSON a subject. Exit 1 if one leaks, or the control is not found.
const double Leak = 10; // dudect's own threshold for "certainly not constant time"

// In millions of measurements t finds a few cycles in ten thousand as well, which come and go from run to run: told, and not judged. See docs/security.md.
const double LeastDifference = 0.005;
if (!int.TryParse(args.Length > 0 ? args[0] : "10", NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds == 0)
{
    Console.Error.WriteLine($"timing: `{args[0]}' is no number of seconds; whole ones for each subject, such as 10");
    return 2;
}

string compiler = JitInfo.GetCompiledMethodCount() > 0 ? "JIT" : "NativeAOT";
Console.WriteLine($"{compiler}, AVX2 {Avx2.IsSupported}, AVX-512VL {Avx512F.VL.IsSupported}; {seconds} s each; |t| above {Leak} is a leak if the means lie {LeastDifference:P1} apart\n");
Console.WriteLine("| subject | classes | measurements | t | means apart |\n|---|---|---|---|---|");
var lines = new List<string>();
bool isSound = true;
foreach (Subject subject in Subjects.All)
{
    (long count, double t, double difference) = new Dudect(subject, seed: 1).Measure(TimeSpan.FromSeconds(seconds));
    bool isRight = subject.IsControl == (t > Leak && difference > LeastDifference);
    isSound &= isRight;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {subject.Name} | {subject.Classes} | {count:N0} | {t:f1} | {difference:P2}{(isRight ? "" : subject.IsControl ? " NOT FOUND" : " LEAKS")} |"));
    lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"on":"{{compiler}}, vectors of up to {{PacketAead.WidestVector}} bits","subject":"{{subject.Name}}","classes":"{{subject.Classes}}","measurements":{{count}},"t":{{t:f1}},"difference":{{difference:f5}},"isControl":{{(subject.IsControl ? "true" : "false")}}}"""));
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
