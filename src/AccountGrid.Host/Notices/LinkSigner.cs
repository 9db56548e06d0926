using System.Buffers.Text;
using System.Security.Cryptography;

namespace AccountGrid.Host.Notices;

/// <summary>Signs what links for customers say, with a key of the grid that is for one kind of link: one kind is never taken for another.</summary>
/// <param name="key">Of the kind.</param>
/// <param name="bodyBytes">Bytes of what a link of the kind says.</param>
internal sealed class LinkSigner(byte[] key, int bodyBytes)
{
    /// <summary>Bytes of the code: nobody finds 128 bits by trying.</summary>
    private const int CodeBytes = 16;

    /// <summary>The signed part of a link.</summary>
    public string Sign(ReadOnlySpan<byte> body)
    {
        Span<byte> bytes = stackalloc byte[bodyBytes + CodeBytes];
        body.CopyTo(bytes);
        CodeOf(body).CopyTo(bytes[bodyBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What a link says; false for anything that this grid has not signed.</summary>
    public bool TryOpen(string text, Span<byte> body)
    {
        Span<byte> bytes = stackalloc byte[bodyBytes + CodeBytes];
        if (!Base64Url.IsValid(text, out var length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(text, bytes, out _)
            || !CryptographicOperations.FixedTimeEquals(CodeOf(bytes[..bodyBytes]), bytes[bodyBytes..]))
        {
            return false;
        }

        bytes[..bodyBytes].CopyTo(body);
        return true;
    }

    private byte[] CodeOf(ReadOnlySpan<byte> body) => HMACSHA256.HashData(key, body)[..CodeBytes];
}
