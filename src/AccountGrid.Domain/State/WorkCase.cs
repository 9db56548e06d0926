namespace AccountGrid.Domain.State;

/// <param name="Number">Its number among the account's notices and cases.</param>
/// <param name="NoticeId">The notice, complaint or direct debit that it was opened for; null is none.</param>
public readonly record struct WorkCase(CaseKind Kind, int Number, string? NoticeId)
{
    /// <summary>The case's name: account, kind and number.</summary>
    public string IdOf(int account) => $"{account}:{Kind.Code()}:{Number}";
}
