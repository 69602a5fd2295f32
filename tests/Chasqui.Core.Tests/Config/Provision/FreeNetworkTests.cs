using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class FreeNetworkTests
{
    private static readonly IpPrefix Ten = Prefix("10.0.0.0/8");

    [Fact]
    public void ChoosesPrivateNetworksThatOverlapNothing()
    {
        int seed = Random.Shared.Next();
        SeededEntropy entropy = new(seed);
        List<IpPrefix> taken = [Prefix("0.0.0.0/0"), Prefix("::/0"), Prefix("10.0.0.0/9")];
        for (int i = 0; i < 200; i++)
        {
            IpPrefix network = FreeNetwork.Choose(entropy, taken);

            Assert.Equal(24, network.Length);
            Assert.True(Ten.Contains(network.Address), $"{network}, seed {seed}");
            Assert.DoesNotContain(taken.Skip(2), known => known.Contains(network.Address) || network.Contains(known.Address));
            taken.Add(network);
        }
    }

    [Fact]
    public void GoesToTheNextRangeWhenOneIsTaken()
    {
        Assert.True(Prefix("172.16.0.0/12").Contains(FreeNetwork.Choose(new SeededEntropy(1), [Ten]).Address));
        Assert.True(Prefix("192.168.0.0/16").Contains(FreeNetwork.Choose(new SeededEntropy(1), [Ten, Prefix("172.16.0.0/12")]).Address));
    }

    [Fact]
    public void SaysWhenAllAreTaken()
    {
        IpPrefix[] taken = [Ten, Prefix("172.16.0.0/12"), Prefix("192.168.0.0/16")];

        Assert.Contains("give --address", Assert.Throws<ConfigException>(() => FreeNetwork.Choose(new SeededEntropy(1), taken)).Message, StringComparison.Ordinal);
    }

    private static IpPrefix Prefix(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix), text);
        return prefix;
    }
}
