namespace AccountGrid.Contracts;

/// <summary>How an Orleans client reaches a grid.</summary>
public sealed class AccountGridClientOptions
{
    /// <summary>API key that calls carry; a call's own <see cref="AccountGridCalls.KeyName"/> in the request context goes before it.</summary>
    public string Key { get; set; } = "";

    /// <summary>The grid's <c>Grid__ClusterId</c>.</summary>
    public string ClusterId { get; set; } = "accountgrid";

    /// <summary>PEM file of the client's certificate, of the grid's <c>Grid__ClientAuthority</c>.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's key.</summary>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>PEM file of the silos' authority, the grid's <c>Grid__SiloAuthority</c>.</summary>
    public string SiloAuthorityFile { get; set; } = "";
}
