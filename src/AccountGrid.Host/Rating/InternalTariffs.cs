using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Host.Rating;

/// <summary>Tariffs of accounts of the company's own books, which charge nothing. They are in no list of tariffs, and nobody can register one.</summary>
internal static class InternalTariffs
{
    public const string Prefix = "internal:";

    /// <summary>A zone's name can be longer than a tariff's: a part of its hash stands for it.</summary>
    public static string IdOf(string currency, string zone) =>
        $"{Prefix}{currency}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(zone)))[..8]}";

    public static bool Is(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);
}
