using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Security;

/// <summary>
/// Tokens of customers. A client (the company's web application) signs one for each customer whom it has let in: a JWT with HS256, whose issuer is
/// <c>agk:</c> and the key's public id, whose audience is <c>accountgrid-customer</c>, whose subject is the account, and which ends within an hour. The
/// HMAC key is made from the key's secret part, see <see cref="KeyFrom"/>; the grid keeps it sealed, so that the stored hash of a key signs nothing. A client's
/// revoked key takes its tokens with it.
/// </summary>
internal sealed class CustomerTokens(ApiKeys keys, PersonalData personal, TimeProvider time)
{
    public const string Audience = "accountgrid-customer";
    private const string IssuerPrefix = "agk:";

    /// <summary>Longest token that is read, bytes.</summary>
    private const int BytesMax = 4_096;

    /// <summary>Longest life of a token.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = BytesMax, MapInboundClaims = false };

    /// <summary>The HMAC key for tokens: HMAC-SHA256 with the secret part of the client's key, as ASCII text, over <c>accountgrid-customer</c>.</summary>
    public static byte[] KeyFrom(string secret) => HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(Audience));

    /// <summary>Public id of the key that is said to have signed a token; null for anything that is no customer's token.</summary>
    public static string? KeyOf(string shown) =>
        Read(shown) is { } token && token.Issuer.StartsWith(IssuerPrefix, StringComparison.Ordinal) ? token.Issuer[IssuerPrefix.Length..] : null;

    /// <summary>The customer that a token stands for; null if it is not valid.</summary>
    public async Task<ClaimsIdentity?> ReadAsync(string shown)
    {
        if (Read(shown) is not { } token || KeyOf(shown) is not { } id || IsCritical(token)
            || await keys.FindAsync(id) is not { Role: KeyRole.Client, TokenKey: { } tokenKey })
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(shown, new TokenValidationParameters
        {
            ValidIssuer = IssuerPrefix + id,
            ValidAudience = Audience,
            IssuerSigningKey = new SymmetricSecurityKey(Convert.FromBase64String(personal.Unseal(tokenKey))),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (begins, ends, _, _) => IsInTime(begins, ends),
        });
        return result.IsValid && token.Subject is { Length: > 0 } account
            ? ApiKeyHandler.Identity(ApiKeyHandler.SchemeName, KeyRole.Customer, $"customer {account}", $"customer {account} by key {id}", 0, account,
                token.ValidTo)
            : null;
    }

    /// <summary>RFC 7515, 4.1.11: who does not understand what a token calls critical must refuse it. This grid understands no such extension.</summary>
    public static bool IsCritical(JsonWebToken token) => token.TryGetHeaderValue<object>("crit", out _);

    private bool IsInTime(DateTime? begins, DateTime? ends)
    {
        var now = time.GetUtcNow();
        return ends is { } end && end > (now - Skew).UtcDateTime && end <= (now + LifeMax + Skew).UtcDateTime
            && (begins is not { } begin || begin <= (now + Skew).UtcDateTime);
    }

    /// <summary>Null for what cannot be read as a token, however it is wrong.</summary>
    private static JsonWebToken? Read(string shown)
    {
        if (shown.Length > BytesMax || shown.Count(c => c == '.') != 2)
        {
            return null;
        }

        try
        {
            var token = Handler.ReadJsonWebToken(shown);

            // Its parts are only read when they are asked for.
            return token.Issuer is not null && token.ValidTo >= DateTime.MinValue ? token : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or System.Text.Json.JsonException or SecurityTokenException)
        {
            return null;
        }
    }
}
