using Orleans.Concurrency;

namespace AccountGrid.Contracts;

/// <summary>A customer account, awake while somebody looks at it. Its key is the account's id.</summary>
[Alias("AccountGrid.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>The account with its live balance; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<AccountView?> Get();

    /// <summary>
    /// The account with everything up to and including a position folded: what an answer to a payment named. While the cluster is split, another activation may
    /// not have it yet; it then asks its partition, and throws if that has not either.
    /// </summary>
    [Alias("GetAfter")]
    Task<AccountView?> GetAfter(long position);

    /// <summary>
    /// Carries out a command on the account, once per key: appended to its log with the key, then decided by the fold. The same key and body is
    /// answered the same; <c>idempotency.key_reused</c> is the refusal for another body, <c>command.not_of_account</c> for a command that names another
    /// account.
    /// </summary>
    /// <param name="command">The command as stored JSON (a domain GridCommand).</param>
    /// <param name="bodyHash">SHA-256 of what the caller sent.</param>
    [Alias("Execute")]
    Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash);

    /// <summary>The account now and at every change, until the caller stops.</summary>
    [AlwaysInterleave]
    [Alias("Changes")]
    IAsyncEnumerable<AccountView> Changes(CancellationToken cancel = default);

    /// <summary>The partition's word on a change.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Changed")]
    Task Changed(AccountView view);
}
