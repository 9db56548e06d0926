using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Audit;

/// <summary>What the tables hold beside an account's history, and what the audit may ask of it.</summary>
/// <param name="Packs">The pack's version by family and local day; null is none.</param>
/// <param name="Bills">Bills by name.</param>
/// <param name="Messages">Messages by name: kind and body as they are in the outbox.</param>
/// <param name="Balances">Balance right after each command that was carried out, by position.</param>
internal sealed record AuditTables(
    Func<int, int, AuditPack?> Packs, IReadOnlyDictionary<int, AuditTariff> Tariffs, IReadOnlyDictionary<string, BillFacts> Bills,
    IReadOnlyDictionary<string, (string Kind, NoticeFacts Body)> Messages,
    IReadOnlyDictionary<long, long> Balances);
