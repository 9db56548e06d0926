using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrid.Domain;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Versions of products and policy packs that one person asks for and another publishes. All rules are looked at twice: when it is asked for, so that nobody is
/// asked to agree to what cannot be, and when it is published.
/// </summary>
internal sealed class Publications(TariffCatalog tariffs, PolicyCatalog policies, ProductAnnouncements announcements, TimeProvider time)
{
    /// <summary>Kind of what takes a version back before it begins; its definition names the version by <c>id</c> and <c>version</c>.</summary>
    public const string Withdrawal = "tariff-withdrawal";

    /// <summary>What a publication would be, or why it cannot be.</summary>
    public async Task<(PublicationAnswer? Answer, Refusal? Refusal)> CheckAsync(string kind, JsonElement definition)
    {
        if (kind == "policy")
        {
            var (policy, problems) = await policies.CheckAsync(definition.GetRawText());
            return policy is null ? (null, Joined(problems)) : (OfPolicy(policy.Definition), null);
        }

        if (kind == Withdrawal)
        {
            var (version, wrong) = await FindAsync(definition);
            return version is null ? (null, wrong) : (OfWithdrawal(version, isDryRun: true), null);
        }

        var (tariff, unread) = Read(definition);
        var refusal = unread ?? await announcements.CheckAsync(tariff!);
        return refusal is null ? (OfTariff(tariff!, isDryRun: true), null) : (null, refusal);
    }

    /// <summary>Publishes what two people agreed on.</summary>
    public async Task<IResult> CarryOutAsync(string body)
    {
        var asked = JsonSerializer.Deserialize<PublicationApproval>(body, JsonSerializerOptions.Web)!;
        if (asked.Kind == "policy")
        {
            var (policy, _, problems) = await policies.RegisterAsync(asked.Definition.GetRawText());
            return policy is null ? Problems.Of(Joined(problems)) : TypedResults.Ok(OfPolicy(policy.Definition) with { IsDryRun = false });
        }

        if (asked.Kind == Withdrawal)
        {
            var (withdrawn, wrong) = await announcements.WithdrawAsync(asked.Id, asked.Version);
            return withdrawn is null ? Problems.Of(wrong!) : TypedResults.Ok(OfWithdrawal(withdrawn, isDryRun: false));
        }

        var (definition, unread) = Read(asked.Definition);
        var (tariff, _, refusal) = unread is null ? await announcements.AnnounceAsync(definition!) : (null, false, unread);
        return refusal is null ? TypedResults.Ok(OfTariff(tariff!.Definition, isDryRun: false)) : Problems.Of(refusal);
    }

    /// <summary>The version that is to be withdrawn, where it can be.</summary>
    private async Task<(Tariff? Version, Refusal? Refusal)> FindAsync(JsonElement definition)
    {
        if (!definition.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || !definition.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || definition.EnumerateObject().Count() != 2)
        {
            return (null, new(
                RequestRefusals.ValueInvalid, "definition: it is not the id and the version to withdraw, such as {\"id\":\"flat\",\"version\":2}."));
        }

        await tariffs.LoadAllAsync();
        var found = tariffs.ProductOf(id.GetString()!)?.Versions.Select(v => v.Tariff).FirstOrDefault(t => t.Definition.Version == number);
        return found is null || InternalTariffs.Is(found.Definition.Id)
            ? (null, new(TariffRefusals.Unknown, $"definition: there is no version {number} of '{id}'."))
            : ProductRules.RefuseWithdrawal(found, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } refusal ? (null, refusal) : (found, null);
    }

    private static PublicationAnswer OfWithdrawal(Tariff version, bool isDryRun) =>
        new(Withdrawal, version.Definition.Id, version.Definition.Version, Day(version.Definition.EffectiveFrom), null, [], [], isDryRun);

    private static Refusal Joined(IReadOnlyList<Refusal> problems) => problems[0] with { Detail = string.Join(" ", problems.Select(p => p.Detail)) };

    private static (TariffDefinition? Definition, Refusal? Refusal) Read(JsonElement definition)
    {
        var bytes = Encoding.UTF8.GetBytes(definition.GetRawText());
        if (JsonInput.Check(bytes, typeof(TariffDefinition), ApiJson.Options) is { } wrong)
        {
            return (null, wrong with { Code = TariffRefusals.Invalid });
        }

        var read = JsonSerializer.Deserialize<TariffDefinition>(bytes, ApiJson.Options)!;
        return InternalTariffs.Is(read.Id)
            ? (null, new(TariffRefusals.Invalid, $"id: '{read.Id}' begins with {InternalTariffs.Prefix}, which is kept for the grid's own tariffs."))
            : (read, null);
    }

    private PublicationAnswer OfTariff(TariffDefinition d, bool isDryRun)
    {
        var before = tariffs.ProductOf(d.Id)?.Versions.Where(v => v.WithdrawnMs is null).Select(v => v.Tariff.Definition)
            .Where(v => v.Version != d.Version && (v.EffectiveFrom ?? DateOnly.MinValue) <= (d.EffectiveFrom ?? DateOnly.MinValue))
            .MaxBy(v => (v.EffectiveFrom ?? DateOnly.MinValue, v.Version));
        return new(
            "tariff", d.Id, d.Version, Day(d.EffectiveFrom), before?.Version, Changes(before, d),
            HolidayWarnings.Of(d, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)), isDryRun);
    }

    private PublicationAnswer OfPolicy(PolicyDefinition d)
    {
        var before = policies.All.Select(p => p.Definition).Where(p => p.Id == d.Id && p.Version < d.Version).MaxBy(p => p.Version);
        return new(
            "policy", d.Id, d.Version, Day(d.EffectiveFrom), before?.Version,
            before is null ? [] : Differing(JsonNode.Parse(PolicyCompiler.ToJson(before)), JsonNode.Parse(PolicyCompiler.ToJson(d))), [], true);
    }

    private static IReadOnlyList<DefinitionRow> Changes(TariffDefinition? before, TariffDefinition after) => before is null
        ? []
        : Differing(JsonSerializer.SerializeToNode(before, ApiJson.Options), JsonSerializer.SerializeToNode(after, ApiJson.Options));

    private static IReadOnlyList<DefinitionRow> Differing(JsonNode? before, JsonNode? after) =>
        [.. DefinitionDifferences.Of(before, after).Where(r => r.Differs)];

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
