using System.Security.Cryptography.X509Certificates;
using Chasqui.Compare.Contenders;

namespace Chasqui.Tests.Compare;

public sealed class ThrowawayCertificatesTests
{
    [Fact]
    public void EachHostsCertificateLeadsToTheAuthorityAndFitsItsKey()
    {
        var made = ThrowawayCertificates.Make(DateTimeOffset.UtcNow);

        Assert.Equal(2, made.Certificates.Count);
        for (int i = 0; i < 2; i++)
        {
            using var withKey = X509Certificate2.CreateFromPem(made.Certificates[i], made.Keys[i]);
            Assert.True(withKey.HasPrivateKey);
            Assert.True(LeadsTo(made.Authority, withKey));
        }
    }

    [Fact]
    public void AnotherAuthoritysCertificateIsNotAccepted()
    {
        var made = ThrowawayCertificates.Make(DateTimeOffset.UtcNow);
        var other = ThrowawayCertificates.Make(DateTimeOffset.UtcNow);
        using var certificate = X509Certificate2.CreateFromPem(made.Certificates[0]);

        Assert.False(LeadsTo(other.Authority, certificate));
    }

    [Fact]
    public void AHostsCertificateCannotSignOthers()
    {
        var made = ThrowawayCertificates.Make(DateTimeOffset.UtcNow);
        using var certificate = X509Certificate2.CreateFromPem(made.Certificates[1]);

        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    private static bool LeadsTo(string authority, X509Certificate2 certificate)
    {
        using var root = X509Certificate2.CreateFromPem(authority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
