namespace AccountGrid.Domain.Figures;

/// <summary>Ages of receivables, in days after the due day.</summary>
public enum AgeingBucket : byte
{
    NotDue = 0,
    Days1To30 = 1,
    Days31To60 = 2,
    Days61To90 = 3,
    Days91To180 = 4,
    Days181To365 = 5,
    Over365 = 6,
}
