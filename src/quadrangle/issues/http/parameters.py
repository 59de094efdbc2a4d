"""Parameters of the calls about issues, as the OpenAPI description shows them."""

from typing import Annotated, TypeAlias

from quadrangle.http.parameters import id_in_path

IssueId: TypeAlias = Annotated[str, id_in_path("issueId")]
PhotoId: TypeAlias = Annotated[str, id_in_path("photoId")]
UploadId: TypeAlias = Annotated[str, id_in_path("uploadId")]
