using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Tests;

/// <summary>A small OpenID provider on loopback: discovery document, keys, and tokens as it is asked for them.</summary>
public sealed class FakeProvider : IDisposable, IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private WebApplication? _app;

    public const string ClientId = "the console";
    public const string ClientSecret = "a secret of the console";

    private readonly ConcurrentDictionary<string, (IQueryCollection Asked, Dictionary<string, object> Claims)> _codes = new();

    public string Issuer => _app!.Urls.First();

    /// <summary>What it says of whoever signs in next; null is that they cancel.</summary>
    public Dictionary<string, object>? Next { get; set; }

    /// <summary>Changes what an ID token says, such as its nonce.</summary>
    public Action<Dictionary<string, object>>? Spoil { get; set; }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration",
            () => Results.Json(
                new Dictionary<string, object>
                {
                    ["issuer"] = Issuer,
                    ["jwks_uri"] = Issuer + "/keys",
                    ["authorization_endpoint"] = Issuer + "/authorize",
                    ["token_endpoint"] = Issuer + "/token",
                    ["end_session_endpoint"] = Issuer + "/end",
                }));
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", RedeemAsync);
        var key = _rsa.ExportParameters(false);
        _app.MapGet("/keys",
            () => Results.Json(
                new
                {
                    keys = new[] {
                    new { kty = "RSA", use = "sig", kid = "k1", alg = "RS256", n = Base64UrlEncoder.Encode(key.Modulus),
                        e = Base64UrlEncoder.Encode(key.Exponent) } }
                }));
        await _app.StartAsync();
    }

    public string Token(string subject, string[] roles, string? area = null, string audience = "accountgrid", int minutes = 10, string? issuer = null,
        string? name = null, Dictionary<string, object>? header = null, int beginsInMinutes = -10)
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["roles"] = roles };
        if (area is not null)
        {
            claims["area"] = area;
        }

        if (name is not null)
        {
            claims["name"] = name;
        }

        return Signed(claims, audience, issuer ?? Issuer, Math.Min(minutes - 1, beginsInMinutes), minutes, header);
    }

    private string Signed(
        Dictionary<string, object> claims, string audience, string issuer, int begins, int ends, Dictionary<string, object>? header)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = claims,
            AdditionalHeaderClaims = header,
            IssuedAt = now.AddMinutes(begins),
            NotBefore = now.AddMinutes(begins),
            Expires = now.AddMinutes(ends),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>Signs in at once, and sends the browser back with a code.</summary>
    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query;
        if (asked["client_id"] != ClientId || asked["response_type"] != "code" || asked["code_challenge_method"] != "S256"
            || asked["code_challenge"].Count != 1)
        {
            return Results.BadRequest();
        }

        var code = Guid.NewGuid().ToString("N");
        if (Next is { } claims)
        {
            _codes[code] = (asked, claims);
        }

        var answer = Next is null ? "error=access_denied" : $"code={code}";
        return Results.Redirect($"{asked["redirect_uri"]}?{answer}&state={Uri.EscapeDataString(asked["state"]!)}");
    }

    /// <summary>A code is good once, for whoever asked for it: the client by its secret, the browser's request by the verifier.</summary>
    private async Task<IResult> RedeemAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var kept) || form["redirect_uri"] != kept.Asked["redirect_uri"]
            || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code"
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != kept.Asked["code_challenge"])
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var claims = new Dictionary<string, object>(kept.Claims) { ["nonce"] = kept.Asked["nonce"].ToString() };
        Spoil?.Invoke(claims);
        return Results.Json(new { access_token = "none", token_type = "Bearer", id_token = Signed(claims, ClientId, Issuer, -10, 10, null) });
    }

    public void Dispose() => _rsa.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Dispose();
    }
}
