using Xunit.Sdk;
using Xunit.v3;

// The UAPI directory, the interface names and the machine's cores are shared: one scenario at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
