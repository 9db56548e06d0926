using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>Who may do what: every endpoint of the generated description, so that a new one without a rule fails here.</summary>
public sealed class SecurityTests(GridFixture grid)
{
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /health/startup"];

    [Fact]
    public async Task No_endpoint_but_health_answers_without_a_key()
    {
        using var nobody = grid.WithKey(null);
        using var stranger = grid.WithKey("agk_0000000000000000_" + new string('0', 64));
        foreach (var (method, path) in await EndpointsAsync())
        {
            // The link of a survey is its own permission: what nobody has signed is not there.
            var right = Open.Contains($"{method} {path}") ? 200 : path == "/s/{token}" ? 404 : 401;
            Assert.Equal((path, right), (path, (await grid.SendAsync(new HttpMethod(method), path, http: nobody)).Status));
            Assert.Equal((path, right), (path, (await grid.SendAsync(new HttpMethod(method), path, http: stranger)).Status));
        }
    }

    [Fact]
    public async Task Keys_are_stored_hashed_and_a_revoked_one_ends()
    {
        var key = await KeyAsync("client", null);
        var secret = key.Split('_')[2];
        await using var find =
            grid.Database.CreateCommand("select count(*)::int from orleansstorage where position(convert_to($1, 'UTF8') in payloadbinary) > 0");
        find.Parameters.Add(new() { Value = secret });
        Assert.Equal(0, (int)(await find.ExecuteScalarAsync())!);
        var (status, _) = await grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{key.Split('_')[1]}");
        Assert.Equal(204, status);
        using var client = grid.WithKey(key);
        Assert.Equal(401, (await grid.SendAsync(HttpMethod.Get, "/v1/tariffs", http: client)).Status);
    }

    /// <summary>Another silo has the key in its memory: when the revocation is answered, it does not let it in.</summary>
    [Fact]
    public async Task A_revocation_that_is_answered_holds_on_every_silo()
    {
        var key = await KeyAsync("client", null);
        var elsewhere = new ApiKeys(grid.Host.Services.GetRequiredService<IGrainFactory>(), grid.Database,
            grid.Host.Services.GetRequiredService<PersonalData>(), TimeProvider.System);
        Assert.NotNull(await elsewhere.CheckAsync(key));
        Assert.Equal(204, (await grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{key.Split('_')[1]}")).Status);
        Assert.Null(await elsewhere.CheckAsync(key));
    }

    /// <summary>Ten million meters stand behind fifty thousand gateways, each with a key of its own.</summary>
    [Fact]
    public void A_flood_of_made_up_keys_pushes_no_real_one_out_of_memory_and_does_not_fill_it()
    {
        var memory = new KeyMemory();
        var record = new ApiKeyRecord(KeyRole.Gateway, "G", [1], 1, 0, Revoked: false, null);
        for (var i = 0; i < 50_000; i++)
        {
            memory.Remember($"real{i}", record, 0);
            memory.Remember($"made-up{i}", null, 0);
        }

        Assert.All(Enumerable.Range(0, 50_000), i => Assert.True(memory.TryFind($"real{i}", out var found) && found == record));
        Assert.InRange(Enumerable.Range(0, 50_000).Count(i => memory.TryFind($"made-up{i}", out _)), 1, KeyMemory.UnknownMax);
        Assert.True(memory.TryFind("made-up49999", out var none) && none is null);
        memory.Forget("real0");
        Assert.False(memory.TryFind("real0", out _));
    }

    /// <summary>A key that was looked up before it was revoked, and whose record came after that was known.</summary>
    [Fact]
    public void What_was_looked_for_before_a_change_is_not_remembered_after_it()
    {
        var memory = new KeyMemory();
        var before = memory.Change;
        memory.MoveTo(1);
        memory.Remember("late", new ApiKeyRecord(KeyRole.Gateway, "G", [1], 1, 0, Revoked: false, null), before);
        Assert.False(memory.TryFind("late", out _));
        memory.Remember("new", null, memory.Change);
        Assert.True(memory.TryFind("new", out _));
        memory.MoveTo(1);
        Assert.True(memory.TryFind("new", out _));
        memory.MoveTo(2);
        Assert.False(memory.TryFind("new", out _));
    }

    [Fact]
    public async Task A_rotated_key_goes_on_for_its_overlap_and_then_ends()
    {
        var key = await KeyAsync("gateway", "G1");
        var id = key.Split('_')[1];
        Assert.Equal((422, "key.overlap_invalid"), await CodeAsync(HttpMethod.Post, $"/v1/keys/{id}/rotate", new RotateKeyRequest(-1)));
        Assert.Equal((404, "key.unknown"), await CodeAsync(HttpMethod.Post, "/v1/keys/0000000000000000/rotate", new RotateKeyRequest(5)));
        var rotated = await grid.Admin.PostAsync<RotatedKeyAnswer>($"/v1/keys/{id}/rotate", new RotateKeyRequest(5));
        var keys = grid.Host.Services.GetRequiredService<ApiKeys>();
        Assert.Equal(KeyRole.Gateway, (await keys.CheckAsync(key))!.Value.Record.Role);
        Assert.Equal((await keys.CheckAsync(key))!.Value.Record.Gateway, (await keys.CheckAsync(rotated.Key))!.Value.Record.Gateway);
        var later = new ShiftedTime();
        later.Shift(grid.Time.GetUtcNow() - later.GetUtcNow() + TimeSpan.FromMinutes(6));
        var then = new ApiKeys(grid.Host.Services.GetRequiredService<IGrainFactory>(), grid.Database, grid.Host.Services.GetRequiredService<PersonalData>(),
            later);
        Assert.Null(await then.CheckAsync(key));
        Assert.NotNull(await then.CheckAsync(rotated.Key));
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_without_their_secrets()
    {
        var made = new[] { await KeyAsync("gateway", "G1"), await KeyAsync("auditor", null), await KeyAsync("client", null) };
        await grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{made[1].Split('_')[1]}");
        var all = new List<KeyListItem>();
        for (var next = ""; next is not null;)
        {
            var (status, page) = await grid.SendAsync(HttpMethod.Get, $"/v1/keys?limit=2&cursor={next}");
            Assert.Equal(200, status);
            Assert.DoesNotContain(made, k => page.GetRawText().Contains(k.Split('_')[2], StringComparison.Ordinal));
            var answer = page.Deserialize<Page<KeyListItem>>(JsonSerializerOptions.Web)!;
            Assert.True(answer.Data.Count <= 2);
            all.AddRange(answer.Data);
            next = answer.NextCursor;
        }

        Assert.Equal(all.Count, all.Select(k => k.Id).Distinct().Count());
        Assert.Contains(all, k => k.Role == "administrator" && k.Name == "made at start");
        Assert.Contains(all, k => k.Id == made[0].Split('_')[1] && k is { Role: "gateway", Gateway: "G1", Revoked: false, EndsAt: null });
        Assert.Contains(all, k => k.Id == made[1].Split('_')[1] && k is { Role: "auditor", Gateway: null, Revoked: true });
        Assert.Equal((400, "request.invalid"), await CodeAsync(HttpMethod.Get, "/v1/keys?limit=0", null));
    }

    [Fact]
    public async Task The_description_is_OpenAPI_3_1_and_the_one_that_was_agreed()
    {
        var text = await grid.Http.GetStringAsync("/openapi/v1.json");
        using var document = JsonDocument.Parse(text);
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "openapi.json");
        var now = JsonSerializer.Serialize(document.RootElement, new JsonSerializerOptions { WriteIndented = true });
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), now + "\n");
        }

        Assert.True(File.Exists(golden),
            "Golden/openapi.json is missing: run once with ACCOUNTGRID_WRITE_GOLDEN=tests/AccountGrid.Host.Tests/Golden and look at what changed.");
        Assert.Equal((await File.ReadAllTextAsync(golden)).TrimEnd(), now);
        var page = await grid.Http.GetAsync("/docs/");
        Assert.True(page.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Problems_have_code_title_status_and_trace()
    {
        var (status, problem) = await grid.SendAsync(HttpMethod.Get, "/v1/accounts/nobody");
        Assert.Equal(404, status);
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
        Assert.Equal("urn:accountgrid:problem:account.unknown", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    private async Task<(int Status, string? Code)> CodeAsync(HttpMethod method, string path, object? body)
    {
        var (status, answer) = await grid.SendAsync(method, path, body);
        return (status, answer.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    private async Task<string> KeyAsync(string role, string? gateway) =>
        (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, "test", gateway))).Key;

    private async Task<List<(string Method, string Path)>> EndpointsAsync() =>
        [.. (await ApiEndpoints.AllAsync(grid)).Select(e => (e.Method, e.Path.Replace("{id}", "nobody", StringComparison.Ordinal)))];
}
