using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Cases;

/// <summary>A case that is to be opened. The same id again opens nothing.</summary>
/// <param name="Account">Null: it is about no account.</param>
/// <param name="AtRisk">Money at risk.</param>
/// <param name="Policy">Stamp of the pack version whose calendar counts.</param>
/// <param name="Zone">IANA zone of its days.</param>
/// <param name="DueMs">UTC ms.</param>
/// <param name="OpenedBy">Who opened it; empty is the grid itself.</param>
/// <param name="BodyHash">Of what a person asked for; null where the grid opens it.</param>
/// <param name="Owner">Who has it where no assignment says so, and keeps it whatever assignments come; null is nobody.</param>
internal sealed record CaseOpening(
    string Id,
    CaseKind Kind,
    AccountAddress? Account,
    string? Subject,
    Money AtRisk,
    string? Area,
    CasePriority Priority,
    string Policy,
    string Zone,
    long DueMs,
    string OpenedBy,
    byte[]? BodyHash = null,
    string? Owner = null);
