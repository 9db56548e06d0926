using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace AccountGrid.Host.Security;

/// <summary>
/// Seals what a browser carries from one request to the next, with a key of the grid's secret for each purpose: whichever process answers next can open it.
/// </summary>
internal sealed class GridProtection(GridSecret secret, string purpose) : IDataProtector
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = secret.KeyFor(purpose);

    /// <summary>The length stands before each part, so that no two lists of purposes are one text.</summary>
    public IDataProtector CreateProtector(string further) => new GridProtection(secret, $"{purpose}/{further.Length}:{further}");

    /// <returns>Nonce, tag and text.</returns>
    public byte[] Protect(byte[] plaintext)
    {
        var all = new byte[NonceBytes + TagBytes + plaintext.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(all.AsSpan(0, NonceBytes), plaintext, all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes));
        return all;
    }

    /// <exception cref="CryptographicException">It was not sealed by this grid for this purpose.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("It is too short to have been sealed.");
        }

        var plaintext = new byte[protectedData.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(
            protectedData.AsSpan(0, NonceBytes), protectedData.AsSpan(NonceBytes + TagBytes), protectedData.AsSpan(NonceBytes, TagBytes), plaintext);
        return plaintext;
    }
}
