namespace AccountGrid.Domain.State;

public enum PaymentMode : byte
{
    Prepaid = 0,
    Postpaid = 1,

    /// <summary>Instalments within the month (分次划拨).</summary>
    Instalments = 2,
}
