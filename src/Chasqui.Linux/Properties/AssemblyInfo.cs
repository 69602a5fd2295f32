using System.Runtime.CompilerServices;

// Every signature is blittable, so the generated stubs pin and call and nothing else happens at run time.
[assembly: DisableRuntimeMarshalling]
