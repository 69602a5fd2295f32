using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Interop;

/// <summary>
/// Compares every struct and constant of the interop layer with what the C compiler makes of the headers. Whatever is added to the
/// namespace is compared too: by its own name, unless a row below gives it another.
/// </summary>
public sealed partial class LayoutTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <grp.h>
        #include <net/if.h>
        #include <netdb.h>
        #include <netinet/in.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <termios.h>
        #include <time.h>
        #include <sys/eventfd.h>
        #include <sys/inotify.h>
        #include <sys/ioctl.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/timerfd.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <sys/mman.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <sys/syscall.h>
        #include <linux/audit.h>
        #include <linux/capability.h>
        #include <linux/fib_rules.h>
        #include <linux/filter.h>
        #include <linux/if_ether.h>
        #include <linux/if_packet.h>
        #include <linux/landlock.h>
        #include <linux/seccomp.h>
        #include <linux/icmp.h>
        #include <linux/icmpv6.h>
        #include <linux/if_tun.h>
        #include <linux/net_namespace.h>
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/sockios.h>
        #include <netinet/udp.h>
        #include <linux/virtio_net.h>

        """;

    /// <summary>C's name of a struct where it is not <c>struct</c> and our name.</summary>
    private static readonly Dictionary<string, string> StructNames = new()
    {
        ["statx_t"] = "struct statx",
        ["posix_spawn_file_actions_t"] = "posix_spawn_file_actions_t",
        ["posix_spawnattr_t"] = "posix_spawnattr_t",
        ["sigset_t"] = "sigset_t",
    };

    /// <summary>Structs that C code fills in: ours must be as large or larger.</summary>
    private static readonly HashSet<string> Opaque = ["posix_spawn_file_actions_t", "posix_spawnattr_t", "sigset_t", "landlock_ruleset_attr"];

    /// <summary>C's name of a field where it is not ours.</summary>
    private static readonly Dictionary<string, string> FieldNames = new()
    {
        ["s6_high"] = "s6_addr[0]",
        ["s6_low"] = "s6_addr[8]",
    };

    /// <summary>Constants that a distribution's headers may be too old for.</summary>
    private static readonly HashSet<string> Recent =
    [
        "VIRTIO_NET_HDR_GSO_UDP_L4", "TUN_F_USO4", "TUN_F_USO6",
        "LANDLOCK_ACCESS_FS_TRUNCATE", "LANDLOCK_ACCESS_FS_IOCTL_DEV", "LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET", "LANDLOCK_SCOPE_SIGNAL",
    ];

    [Fact]
    public void StructsAndConstantsAreTheCompilers()
    {
        Dictionary<string, long> expected = CCompiler.Run(Program());
        List<string> differences = [];
        foreach ((string name, long ours) in Measure())
        {
            if (!expected.TryGetValue(name, out long theirs))
                Assert.True(Recent.Contains(name), $"{name} was not measured");
            else if (Opaque.Any(opaque => name == $"sizeof {opaque}") ? ours < theirs : ours != theirs)
                differences.Add($"{name}: ours {ours}, C's {theirs}");
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void ControlMessagesAreAlignedAsTheMacrosDo()
    {
        Dictionary<string, long> expected = CCompiler.Run($$"""
            {{Headers}}
            int main(void) {
                printf("tos %zu\n", (size_t)CMSG_SPACE(sizeof(int)));
                printf("segment %zu\n", (size_t)CMSG_SPACE(sizeof(unsigned short)));
                printf("info %zu\n", (size_t)CMSG_SPACE(sizeof(struct in_pktinfo)));
                printf("info6 %zu\n", (size_t)CMSG_SPACE(sizeof(struct in6_pktinfo)));
                return 0;
            }
            """);
        byte[] control = new byte[ControlMessages.Capacity];

        Assert.Equal(expected["tos"], ControlMessages.Append(control, 0, 0, 0, 1));
        Assert.Equal(expected["segment"], ControlMessages.Append(control, 0, 0, 0, (ushort)1));
        Assert.Equal(expected["info"], ControlMessages.Append(control, 0, 0, 0, default(Libc.in_pktinfo)));
        Assert.Equal(expected["info6"], ControlMessages.Append(control, 0, 0, 0, default(Libc.in6_pktinfo)));
        Assert.InRange(expected["info6"] + expected["tos"] + expected["tos"], 0, ControlMessages.Capacity);
    }

    private static string Program()
    {
        StringBuilder program = new(Headers);
        _ = program.AppendLine("int main(void) {");
        foreach ((string name, _) in Measure())
        {
            if (Recent.Contains(name))
                _ = program.AppendLine($"#ifdef {name}");
            _ = program.AppendLine($"printf(\"{name} %lld\\n\", (long long)({Expression(name)}));");
            if (Recent.Contains(name))
                _ = program.AppendLine("#endif");
        }

        return program.AppendLine("return 0; }").ToString();
    }

    /// <summary>The C expression of a measured name: <c>sizeof x</c>, <c>offsetof x field</c> or a constant.</summary>
    private static string Expression(string name) => name.Split(' ') switch
    {
        ["sizeof", string type] => $"sizeof({StructName(type)})",
        ["offsetof", string type, string field] => $"offsetof({StructName(type)}, {FieldNames.GetValueOrDefault(field, field)})",
        _ => name,
    };

    private static string StructName(string type) => StructNames.GetValueOrDefault(type, $"struct {type}");

    private static IEnumerable<(string Name, long Value)> Measure()
    {
        Type[] types = typeof(Libc).Assembly.GetTypes();
        IEnumerable<Type> ours = types.Where(type => type.Namespace == typeof(Libc).Namespace);
        foreach (Type type in ours.Where(IsCStruct))
        {
            yield return ($"sizeof {type.Name}", SizeOf(type));
            foreach (FieldInfo field in Fields(type))
                yield return ($"offsetof {type.Name} {field.Name}", OffsetOf(type, field));
        }

        IEnumerable<FieldInfo> constants = ours.Append(typeof(Errno)).SelectMany(type => type.GetFields(
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        foreach (IGrouping<string, FieldInfo> same in constants.Where(IsCConstant).GroupBy(field => field.Name))
        {
            long[] values = [.. same.Select(Value).Distinct()];
            Assert.True(values.Length == 1, $"{same.Key} has several values");
            yield return (same.Key, values[0]);
        }
    }

    private static bool IsCStruct(Type type) => type.IsValueType && !type.IsEnum && !IsCompilers(type)
        && type.GetCustomAttribute<InlineArrayAttribute>() is null;

    private static bool IsCConstant(FieldInfo field) => field.IsLiteral && CName().IsMatch(field.Name);

    private static long Value(FieldInfo constant) => constant.GetRawConstantValue() is ulong large
        ? unchecked((long)large)
        : Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture);

    private static bool IsCompilers(Type type) => type.Name.Contains('<', StringComparison.Ordinal);

    /// <summary>The fields that C has too; ours alone begin with one underscore.</summary>
    private static IEnumerable<FieldInfo> Fields(Type type) => type
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(field => !field.Name.StartsWith('_') || field.Name.StartsWith("__", StringComparison.Ordinal));

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>Where a field lies: the first byte that changes when every byte of the field does.</summary>
    private static int OffsetOf(Type type, FieldInfo field)
    {
        MethodInfo method = typeof(LayoutTests).GetMethod(nameof(Locate), BindingFlags.Static | BindingFlags.NonPublic)!;
        return (int)method.MakeGenericMethod(type).Invoke(null, [field])!;
    }

    private static int Locate<T>(FieldInfo field)
        where T : unmanaged
    {
        Span<byte> size = new byte[Unsafe.SizeOf<T>()];
        for (int i = 0; i < size.Length; i++)
        {
            size.Clear();
            size[i] = 0xFF;
            object boxed = MemoryMarshal.Read<T>(size);
            if (!First(field, boxed).Equals(First(field, default(T))))
                return i;
        }

        throw new InvalidOperationException($"{typeof(T).Name}.{field.Name} is nowhere");
    }

    /// <summary>A field's value; of an inline array, which refuses to be compared, the first element.</summary>
    private static object First(FieldInfo field, object owner)
    {
        object value = field.GetValue(owner)!;
        return field.FieldType.GetCustomAttribute<InlineArrayAttribute>() is null
            ? value
            : field.FieldType.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)[0].GetValue(value)!;
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$")]
    private static partial Regex CName();
}
