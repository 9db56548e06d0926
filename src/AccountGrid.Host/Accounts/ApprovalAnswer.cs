namespace AccountGrid.Host.Accounts;

/// <param name="Approval">Waits for a second person: <c>POST /v1/approvals/{id}</c>.</param>
/// <param name="Account">Empty for what is of the whole grid, such as a version of a tariff.</param>
/// <param name="Body">The request as it was asked for.</param>
/// <param name="Hash">SHA-256 of account, kind, body and who asked, hex: who agrees says with it what they have seen.</param>
/// <param name="AnsweredBy">Null while it waits.</param>
public sealed record ApprovalAnswer(
    Guid Approval, string Account, string Kind, string AskedBy, DateTimeOffset AskedAt, System.Text.Json.JsonElement Body, string Hash, string? AnsweredBy,
    bool? Agreed);
