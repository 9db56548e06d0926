namespace AccountGrid.Host.Http;

/// <summary>A page of any list.</summary>
public interface IPage
{
    /// <summary>Where the next page begins; null on the last page of a list that has an end.</summary>
    string? NextCursor { get; }

    /// <summary>Whether there are rows behind this page.</summary>
    bool HasMore { get; }
}
