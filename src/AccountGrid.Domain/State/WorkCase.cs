namespace AccountGrid.Domain.State;

/// <param name="Number">Its number among the account's notices and cases.</param>
/// <param name="NoticeId">The notice that it was opened for; null is none.</param>
public readonly record struct WorkCase(string Kind, int Number, string? NoticeId)
{
    /// <summary>A person carries the stop notice that no channel has proven.</summary>
    public const string DeliverByHand = "deliver-by-hand";

    /// <summary>A person gives the authority its copy before an important user is cut.</summary>
    public const string InformAuthority = "inform-authority";

    /// <summary>The case's name: account, kind and number.</summary>
    public string IdOf(int account) => $"{account}:{Kind}:{Number}";
}
