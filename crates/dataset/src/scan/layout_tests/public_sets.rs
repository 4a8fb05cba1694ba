//! The layouts of public data sets.

use super::*;

const LAYOUTS: &[Row] = &[
    (
        "MVTec AD, MPDD, GoodsAD, VAD, ITD",
        &[
            ("train/good/{}.png", 12, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/dent/{}.png", 4, Photo),
            ("ground_truth/dent/{}_mask.png", 4, Blob),
            ("license.txt", 1, Text),
        ],
        (12, 3, 4, 0, 4, 1),
        &["dent"],
    ),
    (
        "MVTec AD 2",
        &[
            ("train/good/{}_regular.png", 10, Photo),
            ("validation/good/{}_regular.png", 3, Photo),
            ("test_public/good/{}_regular.png", 2, Photo),
            ("test_public/bad/{}_overexposed.png", 4, Photo),
            (
                "test_public/ground_truth/bad/{}_overexposed_mask.png",
                4,
                Blob,
            ),
            ("test_private/{}_regular.png", 5, Photo),
            ("test_private_mixed/{}_mixed.png", 5, Photo),
        ],
        (13, 2, 4, 10, 4, 0),
        &["bad"],
    ),
    (
        "MVTec 3D AD",
        &[
            ("train/good/rgb/{}.png", 10, Photo),
            ("train/good/xyz/{}.tiff", 10, Other),
            ("validation/good/rgb/{}.png", 2, Photo),
            ("validation/good/xyz/{}.tiff", 2, Other),
            ("test/good/rgb/{}.png", 3, Photo),
            ("test/good/xyz/{}.tiff", 3, Other),
            ("test/good/gt/{}.png", 3, Black),
            ("test/crack/rgb/{}.png", 4, Photo),
            ("test/crack/xyz/{}.tiff", 4, Other),
            ("test/crack/gt/{}.png", 4, Blob),
            ("calibration/camera_parameters.json", 1, Text),
        ],
        (12, 3, 4, 0, 4, 20),
        &["crack"],
    ),
    (
        "MVTec LOCO",
        &[
            ("train/good/{}.png", 10, Photo),
            ("validation/good/{}.png", 2, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/logical_anomalies/{}.png", 4, Photo),
            ("test/structural_anomalies/{}.png", 2, Photo),
            ("ground_truth/logical_anomalies/{}/000.png", 4, Blob),
            ("ground_truth/logical_anomalies/{}/001.png", 4, Blob),
            ("ground_truth/structural_anomalies/{}/000.png", 2, Blob),
        ],
        (12, 3, 6, 0, 6, 0),
        &["logical_anomalies", "structural_anomalies"],
    ),
    (
        "AutoVI",
        &[
            ("train/good/{}.png", 10, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/missing/{}.png", 4, Photo),
            ("ground_truth/missing/{}/0000.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["missing"],
    ),
    (
        "VisA",
        &[
            ("Data/Images/Normal/{}.JPG", 12, Photo),
            ("Data/Images/Anomaly/{}.JPG", 5, Photo),
            ("Data/Masks/Anomaly/{}.png", 5, Blob),
        ],
        (12, 0, 5, 0, 5, 0),
        &["Anomaly"],
    ),
    (
        "BTAD",
        &[
            ("train/ok/{}.bmp", 10, Photo),
            ("test/ok/{}.bmp", 3, Photo),
            ("test/ko/{}.bmp", 4, Photo),
            ("ground_truth/ko/{}.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["ko"],
    ),
    (
        "KolektorSDD",
        &[
            ("kos{}/Part0.jpg", 10, Photo),
            ("kos{}/Part0_label.bmp", 10, Black),
            ("kos{}/Part1.jpg", 4, Photo),
            ("kos{}/Part1_label.bmp", 4, Blob),
        ],
        (10, 0, 4, 0, 4, 0),
        &["defect"],
    ),
    (
        "KolektorSDD2",
        &[
            ("train/1{}.png", 10, Photo),
            ("train/1{}_GT.png", 10, Black),
            ("train/2{}.png", 2, Photo),
            ("train/2{}_GT.png", 2, Blob),
            ("test/1{}.png", 3, Photo),
            ("test/1{}_GT.png", 3, Black),
            ("test/2{}.png", 4, Photo),
            ("test/2{}_GT.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 2),
        &["defect"],
    ),
    (
        "KolektorSDD2 with folders",
        &[
            ("train/img/1{}.png", 10, Photo),
            ("train/ann/1{}.png", 10, Black),
            ("test/img/1{}.png", 3, Photo),
            ("test/ann/1{}.png", 3, Black),
            ("test/img/2{}.png", 4, Photo),
            ("test/ann/2{}.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["defect"],
    ),
    (
        "DAGM",
        &[
            ("Train/1{}.PNG", 10, Photo),
            ("Train/2{}.PNG", 2, Photo),
            ("Train/Label/2{}_label.PNG", 2, Blob),
            ("Train/Label/Labels.txt", 1, Text),
            ("Test/1{}.PNG", 3, Photo),
            ("Test/2{}.PNG", 4, Photo),
            ("Test/Label/2{}_label.PNG", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 3),
        &["defect"],
    ),
    (
        "AITEX",
        &[
            ("NODefect_images/2306881-210020u/{}_000_00.png", 10, Photo),
            ("Defect_images/{}_002_00.png", 4, Photo),
            ("Mask_images/{}_002_00_mask.png", 4, Blob),
        ],
        (10, 0, 4, 0, 4, 0),
        &["Defect_images"],
    ),
    (
        "magnetic tile",
        &[
            ("MT_Free/Imgs/{}.jpg", 10, Photo),
            ("MT_Free/Imgs/{}.png", 10, Black),
            ("MT_Blowhole/Imgs/{}.jpg", 3, Photo),
            ("MT_Blowhole/Imgs/{}.png", 3, Blob),
            ("MT_Uneven/Imgs/{}.jpg", 2, Photo),
            ("MT_Uneven/Imgs/{}.png", 2, Blob),
        ],
        (10, 0, 5, 0, 5, 0),
        &["MT_Blowhole", "MT_Uneven"],
    ),
    (
        "Real-IAD",
        &[
            ("OK/S0001/{}_C1.jpg", 10, Photo),
            ("NG/AK/S0001/{}_C1.jpg", 3, Photo),
            ("NG/AK/S0001/{}_C1_mask.png", 3, Blob),
            ("NG/HS/S0002/{}_C1.jpg", 2, Photo),
            ("NG/HS/S0002/{}_C1_mask.png", 2, Blob),
        ],
        (10, 0, 5, 0, 5, 0),
        &["AK", "HS"],
    ),
    (
        "BMAD",
        &[
            ("train/good/{}.png", 10, Photo),
            ("valid/good/img/{}.png", 2, Photo),
            ("valid/good/label/{}.png", 2, Black),
            ("valid/Ungood/img/{}.png", 2, Photo),
            ("valid/Ungood/label/{}.png", 2, Blob),
            ("test/good/img/{}.png", 3, Photo),
            ("test/good/label/{}.png", 3, Black),
            ("test/Ungood/img/{}.png", 4, Photo),
            ("test/Ungood/label/{}.png", 4, Blob),
        ],
        (12, 3, 4, 0, 4, 2),
        &["Ungood"],
    ),
];

#[test]
fn every_public_layout_is_counted_as_it_is_meant() {
    hold(LAYOUTS);
}
