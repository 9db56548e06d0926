namespace AccountGrid.Domain.State;

public enum CustomerClass : byte
{
    Residential = 0,
    Business = 1,
    Industrial = 2,

    /// <summary>Hospitals, mines, transport...: a cut is notified to the authority as well.</summary>
    Important = 3,
}
