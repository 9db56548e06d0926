using System.Security.Cryptography;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>The other end of <see cref="TransferMoney"/>: a payment out of a float or suspense account. If it is refused, the money goes back.</summary>
/// <param name="Amount">More than zero.</param>
/// <param name="Currency">Currency of the amount.</param>
/// <param name="Channel">The payment channel.</param>
/// <param name="Reference">The channel's own id of the payment.</param>
/// <param name="Announced">The announcement that it ends.</param>
/// <param name="From">Where it came from.</param>
public sealed record ReceiveTransfer(
    int Account, Money Amount, string Currency, string Channel, string? Reference, string? Announced, TransferSource From) : AccountCommand(Account)
{
    /// <summary>What an accepted transfer brings to its target: the fold sends it, and who waits for its outcome makes the same.</summary>
    /// <param name="transfer">The command to the source.</param>
    /// <param name="kind">What the source is.</param>
    /// <param name="partition">Partition of the source.</param>
    /// <param name="commission">What the agent kept.</param>
    public static ReceiveTransfer Of(TransferMoney transfer, AccountKind kind, int partition, Money commission) => new(
        transfer.ToAccount,
        transfer.Amount,
        transfer.Currency,
        transfer.Channel,
        transfer.Reference,
        transfer.Announced,
        new TransferSource(kind, transfer.Account, partition, commission));

    /// <summary>What the key of its append stands for.</summary>
    public byte[] Hash() => SHA256.HashData(ToBytes());
}
