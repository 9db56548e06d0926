using System.Net;
using System.Security.Claims;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Tests;

/// <summary>An account's balance as server-sent events: at once, at each change, and never silent for long.</summary>
public sealed class AccountStreamTests(GridFixture grid)
{
    [Fact]
    public async Task A_stream_tells_each_change_and_something_within_a_heartbeat_while_nothing_changes()
    {
        await grid.OpenAsync("SSE1");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await grid.Http.GetAsync("/v1/accounts/SSE1/stream", HttpCompletionOption.ResponseHeadersRead, end.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(end.Token));
        Assert.StartsWith(": ", await reader.ReadLineAsync(end.Token), StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"0.000000000\"", await DataAsync(), StringComparison.Ordinal);

        // Two heartbeats without a change: comments, no second event of what is known.
        var began = TimeProvider.System.GetTimestamp();
        for (var beats = 0; beats < 2; beats++)
        {
            string line;
            do
            {
                line = (await reader.ReadLineAsync(end.Token))!;
                Assert.DoesNotContain("data:", line, StringComparison.Ordinal);
            }
            while (!line.StartsWith(':'));
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1, (2 * AccountStream.Heartbeat.TotalSeconds) + 5);
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/SSE1/payments", new PaymentRequest("5"), "sse1");
        Assert.Contains("\"amount\":\"5.000000000\"", await DataAsync(), StringComparison.Ordinal);

        async Task<string> DataAsync()
        {
            while (true)
            {
                var line = (await reader.ReadLineAsync(end.Token))!;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(null, false)]
    public async Task A_reader_who_connects_again_is_not_sent_the_balance_that_it_has(bool? knows, bool isQuiet)
    {
        var id = $"SSE-LAST-{knows}";
        await grid.OpenAsync(id);
        var version = (await grid.Admin.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance")).Version;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/{id}/stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", knows switch { true => $"{version}", false => $"{version + 1_000}", _ => "of another kind" });
        using var response = await grid.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(end.Token));
        await reader.ReadLineAsync(end.Token);

        // The first thing behind the greeting is the balance, or the comment of a heartbeat.
        string line;
        do
        {
            line = (await reader.ReadLineAsync(end.Token))!;
        }
        while (line.Length == 0);
        Assert.Equal(isQuiet ? ": nothing changed" : "event: balance", line);
    }

    [Fact]
    public async Task A_stream_ends_soon_after_its_key_is_revoked_or_its_token_ends()
    {
        await grid.OpenAsync("SSE2");
        var key = (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "streams"))).Key;
        var other = (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "tokens"))).Key;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (tokenBegan, keyBegan) = (new TaskCompletionSource(), new TaskCompletionSource());
        var byToken = ReadToEndAsync(Token(other, "SSE2", TimeSpan.FromSeconds(4)), tokenBegan, end.Token);
        var byKey = ReadToEndAsync(key, keyBegan, end.Token);
        await Task.WhenAll(tokenBegan.Task, keyBegan.Task).WaitAsync(end.Token);
        Assert.False(byKey.IsCompleted || byToken.IsCompleted);
        Assert.Equal(204, (await grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{key.Split('_')[1]}")).Status);
        var revoked = TimeProvider.System.GetTimestamp();
        await byKey;
        await byToken;
        Assert.InRange(TimeProvider.System.GetElapsedTime(revoked), TimeSpan.Zero, AccountStream.AskedAgain + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_customer_has_few_streams_at_once_and_another_one_when_one_has_ended()
    {
        await grid.OpenAsync("SSE3");
        var key = (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "streams"))).Key;
        using var http = grid.WithKey(Token(key, "SSE3", TimeSpan.FromMinutes(10)));
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < new SecurityOptions().StreamsPerCustomer; i++)
        {
            open.Add(await http.GetAsync("/v1/accounts/SSE3/stream", HttpCompletionOption.ResponseHeadersRead));
            Assert.Equal(200, (int)open[^1].StatusCode);
        }

        var (status, problem) = await grid.SendAsync(HttpMethod.Get, "/v1/accounts/SSE3/stream", http: http);
        Assert.Equal((429, "stream.too_many"), (status, problem.GetProperty("code").GetString()));
        open[0].Dispose();
        var again = await AccountGrid.Testing.Eventually.GetAsync(
            async () =>
            {
                using var response = await http.GetAsync("/v1/accounts/SSE3/stream", HttpCompletionOption.ResponseHeadersRead);
                return (int)response.StatusCode;
            },
            s => s == 200, "A stream in the place of one that ended");
        Assert.Equal(200, again);
        open.ForEach(r => r.Dispose());
    }

    /// <param name="began">Completes with the first balance.</param>
    private async Task ReadToEndAsync(string shown, TaskCompletionSource began, CancellationToken cancel)
    {
        using var http = grid.WithKey(shown);
        using var response = await http.GetAsync("/v1/accounts/SSE2/stream", HttpCompletionOption.ResponseHeadersRead, cancel);
        Assert.Equal(200, (int)response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                began.TrySetResult();
            }
        }
    }

    private string Token(string clientKey, string account, TimeSpan life)
    {
        var parts = clientKey.Split('_');
        var now = grid.Time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = $"agk:{parts[1]}",
            Audience = CustomerTokens.Audience,
            Subject = new ClaimsIdentity([new Claim("sub", account)]),
            NotBefore = now.AddMinutes(-1),
            Expires = now + life,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(CustomerTokens.KeyFrom(parts[2])), SecurityAlgorithms.HmacSha256),
        });
    }
}
