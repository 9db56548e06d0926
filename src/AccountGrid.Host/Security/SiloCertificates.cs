using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AccountGrid.Host.Security;

/// <summary>
/// Certificates of a grid that was given none: an authority whose key every process derives from the grid's secret, and a new one for each process under it.
/// </summary>
internal static class SiloCertificates
{
    private const string Purpose = "silo-authority";

    /// <summary>Longer than any process runs.</summary>
    private const int ValidYears = 20;

    public static (X509Certificate2 Own, X509Certificate2 Authority) Issue(GridSecret secret, TimeProvider time)
    {
        var now = time.GetUtcNow();
        using var authorityKey = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret.KeyFor(Purpose) });
        var forAuthority = new CertificateRequest("CN=accountgrid silos", authorityKey, HashAlgorithmName.SHA256);
        forAuthority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = forAuthority.CreateSelfSigned(now.AddDays(-2), now.AddYears(ValidYears + 1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forSilo = new CertificateRequest("CN=accountgrid silo", key, HashAlgorithmName.SHA256);
        using var issued = forSilo.Create(authority, now.AddDays(-1), now.AddYears(ValidYears), RandomNumberGenerator.GetBytes(16));
        using var own = issued.CopyWithPrivateKey(key);

        // Through PKCS 12, as a certificate that is read from a file.
        return (X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null), X509CertificateLoader.LoadCertificate(authority.RawData));
    }
}
