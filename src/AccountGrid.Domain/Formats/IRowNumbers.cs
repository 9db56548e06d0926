namespace AccountGrid.Domain.Formats;

/// <summary>Writes the numbers of a row one after the other, or reads them.</summary>
internal interface IRowNumbers
{
    void Next(ref long number);

    void Next(ref int number);

    void Next(ref ushort number);
}
