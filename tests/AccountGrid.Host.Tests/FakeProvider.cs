using System.Security.Cryptography;
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

    public string Issuer => _app!.Urls.First();

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
                    ["token_endpoint"] = Issuer + "/token"
                }));
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

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Claims = claims,
            AdditionalHeaderClaims = header,
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(Math.Min(minutes - 1, beginsInMinutes)),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
        });
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
