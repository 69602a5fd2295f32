using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Chasqui.Compare.Contenders;

/// <summary>A certificate authority for one lab, and one certificate that it signed for each host; all PEM, all P-256.</summary>
/// <param name="Authority">The authority's certificate. Its key is forgotten as soon as both hosts have theirs.</param>
/// <param name="Certificates">The hosts' certificates, left's first.</param>
/// <param name="Keys">Their private keys, PKCS #8 and not encrypted.</param>
internal sealed record ThrowawayCertificates(string Authority, IReadOnlyList<string> Certificates, IReadOnlyList<string> Keys)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Makes them.</summary>
    /// <param name="now">The time: they hold from a day before it to a day after it.</param>
    public static ThrowawayCertificates Make(DateTimeOffset now)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request("authority", authorityKey, isAuthority: true);
        using X509Certificate2 authority = request.CreateSelfSigned(now - Life, now + Life);
        List<string> certificates = [], keys = [];
        foreach (End end in (End[])[End.Left, End.Right])
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 certificate = Request($"{end}", key, isAuthority: false)
                .Create(authority, now - Life, now + Life, [(byte)(end + 1)]);
            certificates.Add(certificate.ExportCertificatePem());
            keys.Add(key.ExportPkcs8PrivateKeyPem());
        }

        return new ThrowawayCertificates(authority.ExportCertificatePem(), certificates, keys);
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            isAuthority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        return request;
    }
}
